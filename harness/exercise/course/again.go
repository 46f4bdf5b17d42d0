package course

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/notebook"
)

// againPause is the pause between two runs of a cell.
const againPause = 300 * time.Millisecond

// again runs a cell that only reads until it prints what its page shows or the time
// is over; the last output counts.
type again struct {
	next   notebook.Executor
	within time.Duration
}

// Run implements notebook.Executor.
func (a again) Run(ctx context.Context, c notebook.Cell) (string, error) {
	output, err := a.next.Run(ctx, c)
	if c.Output == nil || !reads(c) {
		return output, err
	}
	timer := time.NewTimer(a.within)
	defer timer.Stop()
	for !shown(c, output, err) {
		select {
		case <-ctx.Done():
			return output, err
		case <-timer.C:
			return output, err
		case <-time.After(againPause):
		}
		if output, err = a.next.Run(ctx, c); ctx.Err() != nil {
			return output, err
		}
	}
	return output, err
}

// shown reports whether running the cell again is useless: its output matches, or
// the server can't be asked.
func shown(c notebook.Cell, output string, err error) bool {
	var failure *notebook.Failure
	if errors.As(err, &failure) {
		return c.Fails && notebook.Match(*c.Output, failure.Text, c.Params) == nil
	}
	return err != nil || !c.Fails && notebook.Match(*c.Output, output, c.Params) == nil
}

// reads reports whether a cell only reads, so running it again changes nothing. A
// query that must fail isn't run again.
func reads(c notebook.Cell) bool {
	switch c.Kind {
	case notebook.HTTP:
		return strings.HasPrefix(c.Code, http.MethodGet+" ")
	case notebook.SQL:
		statements, err := flink.Parse(c.Page, c.Code, c.Params)
		return err == nil && !c.Fails && !slices.ContainsFunc(statements, func(s flink.Statement) bool { return !s.Begins("SELECT", "WITH") })
	}
	return false
}
