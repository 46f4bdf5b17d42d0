package endtoend

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/probe"
)

// drained reads rows until there are none, and says so.
func drained(t *testing.T, g throttled, read *atomic.Int64) <-chan error {
	t.Helper()
	rows, err := g.Open()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		for {
			if _, err := rows.Read(); err != nil {
				done <- err
				return
			}
			read.Add(1)
		}
	}()
	return done
}

// TestThrottleBoundsWhatIsInFlight: no more rows come than were taken, and the bound.
func TestThrottleBoundsWhatIsInFlight(t *testing.T) {
	const rows = 3 * maxInFlight
	var taken, read atomic.Int64
	g := throttled{
		Input: wisdm.Generator{Seed: 1, Rows: rows}, ctx: t.Context(),
		taken: func(context.Context) (int64, error) { return taken.Load(), nil },
	}
	done := drained(t, g, &read)
	for taken.Load() < rows-maxInFlight {
		at := min(taken.Load()+maxInFlight, rows)
		await(t, func() bool { return read.Load() >= at-lookEvery })
		if n := read.Load(); n > at+lookEvery {
			t.Fatalf("%d rows were given and %d of them taken, want at most %d in flight", n, taken.Load(), maxInFlight)
		}
		taken.Add(5000)
	}
	if err := <-done; !errors.Is(err, io.EOF) || read.Load() != rows {
		t.Errorf("%d rows, %v; want all %d", read.Load(), err, rows)
	}
}

func await(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing came for 10 s")
		}
	}
}

func TestThrottleEnds(t *testing.T) {
	input := wisdm.Generator{Seed: 1, Rows: 3 * maxInFlight}
	ctx, cancel := context.WithCancelCause(t.Context())
	var read atomic.Int64
	done := drained(t, throttled{Input: input, ctx: ctx, taken: func(context.Context) (int64, error) { return 0, nil }}, &read)
	await(t, func() bool { return read.Load() >= maxInFlight-lookEvery })
	why := errors.New("kafka died")
	cancel(why)
	if err := <-done; !errors.Is(err, why) {
		t.Errorf("ended with %v, want the cause", err)
	}
	lost := errors.New("connection lost")
	done = drained(t, throttled{Input: input, ctx: t.Context(), taken: func(context.Context) (int64, error) { return 0, lost }}, &read)
	if err := <-done; !errors.Is(err, lost) {
		t.Errorf("ended with %v, want %v", err, lost)
	}
}

func TestEveryAsksLessOften(t *testing.T) {
	asked := int64(0)
	var count probe.Counter = func(context.Context) (int64, error) { asked++; return asked, nil }
	calmed := every(time.Hour, count)
	for range 3 {
		if n, err := calmed(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v; want the first answer", n, err)
		}
	}
	often := every(0, count)
	often(t.Context())
	if n, _ := often(t.Context()); n != 3 {
		t.Errorf("%d, want a new answer", n)
	}
}
