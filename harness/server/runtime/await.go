package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/wait"
)

const (
	askPause = 100 * time.Millisecond // between two questions
	askLimit = 5 * time.Second        // for one answer
)

// Await asks c whether it is ready until it is. It gives up when ctx ends, when
// c has died, or after c's BootLimit; its error then has the last answer and
// the tail of c's log.
func Await(ctx context.Context, c component.Component, i Instance, at component.Addresses) error {
	limit, cancel := context.WithTimeout(ctx, c.BootLimit)
	defer cancel()
	err := wait.Until(limit, askPause, func() (bool, error) {
		last := ask(limit, c, at)
		if last == nil {
			return true, nil
		}
		select {
		case <-i.Done():
			return true, &DiedError{Component: c.Name, Cause: i.Err(), Tail: Tail(i, tailLines)}
		default:
			return false, last
		}
	})
	var ended *wait.Ended
	switch {
	case !errors.As(err, &ended):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("wait for %s: %w", c.Name, context.Cause(ctx))
	}
	return &TimeoutError{Component: c.Name, Limit: c.BootLimit, Last: ended.Last, Tail: Tail(i, tailLines)}
}

func ask(ctx context.Context, c component.Component, at component.Addresses) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return c.Ready(ctx, at)
}

// DiedError says that a component ended while it was needed.
type DiedError struct {
	Component string
	Cause     error
	Tail      string // the last lines of its log
}

func (e *DiedError) Error() string {
	return fmt.Sprintf("%s died: %v; the end of its log:\n%s", e.Component, e.Cause, indent(e.Tail))
}

func (e *DiedError) Unwrap() error { return e.Cause }

// TimeoutError says that a component wasn't ready within its limit.
type TimeoutError struct {
	Component string
	Limit     time.Duration
	Last      error // its last answer
	Tail      string
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s was not ready after %v; last answer: %v; the end of its log:\n%s",
		e.Component, e.Limit, e.Last, indent(e.Tail))
}

func (e *TimeoutError) Unwrap() error { return e.Last }
