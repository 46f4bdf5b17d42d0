package notebook

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"hoplab.example/harness/verify/hop"
)

// What ends a cell's context.
var (
	errCell = errors.New("the cell's time limit")
	errPage = errors.New("the page's time limit")
)

// runner runs the cells of one page.
type runner struct {
	page     *Page
	executor Executor
	options  Options
	stopped  string // why no further cell runs, or ""
}

func (r *runner) event(e Event) {
	if r.options.Event != nil {
		r.options.Event(e)
	}
}

// cell runs one cell and judges it.
func (r *runner) cell(ctx context.Context, c Cell) Result {
	if r.stopped == "" && ctx.Err() != nil {
		r.stopped = fmt.Sprint(context.Cause(ctx))
	}
	if r.stopped != "" {
		return Result{Cell: c, Outcome: hop.Skipped, Detail: "skipped because of " + r.stopped}
	}
	limit := r.options.CellLimit
	if c.Limit > 0 {
		limit = c.Limit
	}
	started := time.Now()
	inside, cancel := context.WithTimeoutCause(ctx, limit, errCell)
	output, err := r.await(inside, c)
	err = explain(inside, limit, r.options.PageLimit, err)
	cancel()
	result := r.judge(c, output, err)
	result.Took = time.Since(started)
	if result.Outcome != hop.Passed && !r.options.KeepGoing && r.stopped == "" {
		r.stopped = fmt.Sprintf("%s at line %d, which has not passed", c.Name(), c.Line)
	}
	return result
}

// errStuck says that an executor still runs after its context has ended.
type errStuck struct{ after time.Duration }

func (e errStuck) Error() string {
	return fmt.Sprintf("the cell still runs %s after it should have ended; the harness waits no longer, and runs no further cell", e.after)
}

// await waits for the executor, but not forever: one that doesn't end with its
// context must not block the grading of a class.
func (r *runner) await(ctx context.Context, c Cell) (string, error) {
	type answer struct {
		output string
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- answer{"", fmt.Errorf("the executor of %s cells panicked: %v\n%s", c.Kind, p, debug.Stack())}
			}
		}()
		output, err := r.executor.Run(ctx, c)
		done <- answer{output, err}
	}()
	select {
	case a := <-done:
		return a.output, a.err
	case <-ctx.Done():
	}
	timer := time.NewTimer(r.options.Grace)
	defer timer.Stop()
	select {
	case a := <-done:
		return a.output, a.err
	case <-timer.C:
		r.stopped = "a cell that does not end"
		return "", errStuck{r.options.Grace}
	}
}

// explain turns a time limit that was reached into a failure: an endless query is
// the cell's own fault, and can be a trap. The end of the caller's context is an
// error, and so is an executor that doesn't end.
func explain(ctx context.Context, cell, page time.Duration, err error) error {
	if err == nil || ctx.Err() == nil || errors.As(err, new(errStuck)) {
		return err
	}
	switch context.Cause(ctx) {
	case errCell:
		text := fmt.Sprintf("not done within %s", cell)
		return &Failure{Text: text, Err: fmt.Errorf("the cell was %s: %w", text, err)}
	case errPage:
		return fmt.Errorf("the page was not done within %s, %w: %w", page, errPage, err)
	}
	return err
}

// judge returns the result of a cell that has printed output or failed with err.
func (r *runner) judge(c Cell, output string, err error) Result {
	var failure *Failure
	failed := errors.As(err, &failure) && !errors.Is(err, errPage)
	if failed {
		output = failure.Text
	}
	result := Result{Cell: c, Outcome: hop.Passed, Output: clean(cut(output, r.options.MaxOutput))}
	switch {
	case failed && !c.Fails:
		result.Outcome, result.Detail = hop.Failed, describe(c, err, result.Output)
	case errors.Is(err, errPage):
		result.Outcome, result.Detail = hop.Failed, describe(c, err, result.Output)
	case err != nil && !failed:
		result.Outcome, result.Detail = hop.Error, describe(c, err, "")
	case err == nil && c.Fails:
		result.Outcome = hop.Failed
		result.Detail = fmt.Sprintf("%s:%d: the cell must fail (it has the attribute fails), but it succeeded", c.Page, c.Line)
	default:
		result.Showable = true
		r.compare(&result)
	}
	return result
}

func (r *runner) compare(result *Result) {
	c := result.Cell
	if c.Output == nil {
		return
	}
	if d := Match(*c.Output, result.Output, r.options.Params); d != nil {
		result.Outcome, result.Difference, result.Detail = hop.Failed, d, d.String()
	}
}
