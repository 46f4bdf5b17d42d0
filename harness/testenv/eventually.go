package testenv

import (
	"context"
	"testing"
	"time"

	"hoplab.example/harness/util/wait"
)

// Count asks how many there are now, of whatever is waited for.
type Count func(context.Context) (int64, error)

const (
	stall      = 30 * time.Second // without a change, before Eventually gives up
	countPause = 100 * time.Millisecond
)

// Eventually waits until count is at least want. Where it stays the same for 30 s, or a
// component dies, the test ends with the last count and with what why says, which may be
// nil: [Job.Why] is the usual one.
func (e *Env) Eventually(count Count, want int64, why func(context.Context) error) {
	e.t.Helper()
	eventually(e.t, count, want, stall, why, func() error { return e.run.Client.Check(e.t.Context(), e.run.Names) })
}

func eventually(t testing.TB, count Count, want int64, stall time.Duration, why func(context.Context) error, alive func() error) {
	t.Helper()
	var last int64
	var failed error
	for since := time.Now(); ; {
		n, err := count(t.Context())
		if err == nil && n >= want {
			return
		}
		if err == nil && n != last {
			last, since = n, time.Now()
		}
		failed = err
		if dead := alive(); dead != nil {
			t.Fatalf("waited for %d, saw %d: %v", want, last, dead)
		}
		if time.Since(since) >= stall || wait.For(t.Context(), countPause) != nil {
			break
		}
	}
	t.Fatalf("waited for %d, saw %d, and no change for %v%s", want, last, stall, because(t.Context(), failed, why))
}

func because(ctx context.Context, failed error, why func(context.Context) error) (text string) {
	if failed != nil {
		text += ": " + failed.Error()
	}
	if why != nil {
		if err := why(ctx); err != nil {
			text += ": " + err.Error()
		}
	}
	return text
}
