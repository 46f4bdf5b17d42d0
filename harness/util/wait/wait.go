// Package wait has the ways in which hoplab waits: for a time, until a
// condition holds, and longer after each failed attempt. Each ends with its context.
package wait

import (
	"context"
	"fmt"
	"time"
)

// For waits for d. Where ctx ends first, or has ended, it returns ctx's cause.
func For(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil || d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Until calls ask, and again after each pause, until it is done, and returns
// ask's error. Before that the error is what ask has seen instead, nil for
// nothing to report. Where ctx ends first, Until returns an *Ended.
func Until(ctx context.Context, pause time.Duration, ask func() (done bool, seen error)) error {
	var last error
	for {
		done, seen := ask()
		if done {
			return seen
		}
		if ctx.Err() == nil || last == nil {
			last = seen // a question that ctx has cut short saw nothing
		}
		if err := For(ctx, pause); err != nil {
			return &Ended{Cause: err, Last: last}
		}
	}
}

// Ended is the error of a wait whose context ended first.
type Ended struct {
	Cause error // the context's
	Last  error // what was seen last; nil for nothing
}

func (e *Ended) Error() string {
	if e.Last == nil {
		return e.Cause.Error()
	}
	return fmt.Sprintf("%v; seen last: %v", e.Cause, e.Last)
}

// Unwrap returns the context's cause alone: what was seen didn't end the wait.
func (e *Ended) Unwrap() error { return e.Cause }
