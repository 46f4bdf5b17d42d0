package testenv

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// ended is a test that Fatalf ends.
type ended struct {
	testing.TB
	said string
}

func (e *ended) Helper() {}

func (e *ended) Fatalf(format string, args ...any) {
	e.said = fmt.Sprintf(format, args...)
	panic(e)
}

// TestEventually: the wait ends with the count, or says how far it got and why.
func TestEventually(t *testing.T) {
	to := func(n int64, err error) Count { return func(context.Context) (int64, error) { return n, err } }
	restarts := func(context.Context) error { return errors.New("the job restarts") }
	well := func() error { return nil }
	for _, c := range []struct {
		name  string
		count Count
		why   func(context.Context) error
		alive func() error
		want  []string // nothing where it ends well
	}{
		{"enough", to(7, nil), nil, well, nil},
		{"too few", to(6, nil), nil, well, []string{"waited for 7, saw 6, and no change for 10ms"}},
		{"too few, and why", to(6, nil), restarts, well, []string{"saw 6", ": the job restarts"}},
		{"no answer", to(0, errors.New("refused")), restarts, well, []string{"saw 0", ": refused: the job restarts"}},
		{"a dead server", to(6, nil), restarts, func() error { return errors.New("kafka died") }, []string{"waited for 7, saw 6: kafka died"}},
	} {
		e := &ended{TB: t}
		func() {
			defer func() {
				if r := recover(); r != nil && r != any(e) {
					panic(r)
				}
			}()
			eventually(e, c.count, 7, 10*time.Millisecond, c.why, c.alive)
		}()
		if (e.said == "") != (c.want == nil) {
			t.Errorf("%s: it said %q", c.name, e.said)
		}
		for _, want := range c.want {
			if !strings.Contains(e.said, want) {
				t.Errorf("%s: it said %q, want %q", c.name, e.said, want)
			}
		}
	}
}
