package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/check/hop"
)

// Limits where Options or the page name none.
const (
	CellLimit = 2 * time.Minute
	PageLimit = 20 * time.Minute
	MaxOutput = 64 << 10 // bytes
)

// Executor runs cells. The code of http and json cells has its parameters; those
// of sql and sh are in Params. The error is a *Failure where the cell itself
// failed. Where ctx ends, Run ends soon, and what it started ends too.
type Executor interface {
	Run(ctx context.Context, cell Cell) (output string, err error)
}

// Options say how a page is run. The zero value runs it with the limits above
// until a cell fails.
type Options struct {
	Params    map[string]string
	CellLimit time.Duration // for a cell that has no timeout of its own
	PageLimit time.Duration
	MaxOutput int           // bytes of one cell's output; what is above is cut with a note
	Grace     time.Duration // for an executor that goes on after its context's end: 10s
	KeepGoing bool          // after a cell that failed too
	Event     func(Event)   // told from one goroutine; it may be nil
}

// Event says how a run goes on: a cell has started, with a nil Result, or ended.
type Event struct {
	Cell   Cell
	Result *Result
}

// Report is what a page's cells came to, in order. Cells with norun aren't in it.
type Report struct {
	Page    string
	Outcome hop.Outcome
	Results []Result
}

// Result is what a cell came to.
type Result struct {
	Cell    Cell
	Outcome hop.Outcome
	// Output is what the cell printed, cut where it is long.
	Output string
	// Showable says that the cell ended as the page wants it, by itself or as a trap:
	// its output is one that a page can show.
	Showable   bool
	Detail     string // why, where the outcome isn't passed
	Difference *Difference
	Took       time.Duration
}

// Run runs a page's cells in order. A page whose parameters aren't all known is
// not run: the error names each. What cells come to is in the report only.
func Run(ctx context.Context, page *Page, executor Executor, options Options) (Report, error) {
	cells, err := fillAll(page, options.Params)
	if err != nil {
		return Report{}, err
	}
	r := runner{executor: executor, options: options.orElse(), page: page}
	ctx, cancel := context.WithTimeoutCause(ctx, r.options.PageLimit, errPage)
	defer cancel()
	report := Report{Page: page.Name}
	for _, c := range cells {
		r.event(Event{Cell: c})
		result := r.cell(ctx, c)
		report.Results = append(report.Results, result)
		r.event(Event{Cell: c, Result: &result})
	}
	report.Outcome = sum(report.Results)
	return report, nil
}

func fillAll(page *Page, params map[string]string) ([]Cell, error) {
	var cells []Cell
	var errs []error
	for _, c := range page.Cells {
		if c.NoRun {
			continue
		}
		filled, err := c.fill(params)
		if err != nil {
			errs = append(errs, err)
		}
		cells = append(cells, filled)
	}
	return cells, errors.Join(errs...)
}

func (o Options) orElse() Options {
	if o.CellLimit <= 0 {
		o.CellLimit = CellLimit
	}
	if o.PageLimit <= 0 {
		o.PageLimit = PageLimit
	}
	if o.MaxOutput <= 0 {
		o.MaxOutput = MaxOutput
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	return o
}

// sum is the outcome of a page: without cells it has nothing that could fail.
func sum(results []Result) hop.Outcome {
	if len(results) == 0 {
		return hop.Passed
	}
	var all []hop.Result
	for _, r := range results {
		all = append(all, hop.Result{Outcome: r.Outcome})
	}
	return hop.NewReport(all).Outcome
}

// Print returns the results as lines: one a cell, with what is wrong below it.
func (r Report) Print() string {
	var out strings.Builder
	for _, c := range r.Results {
		fmt.Fprintf(&out, "%s:%d: %s %s (%.1f s)\n", r.Page, c.Cell.Line, c.Cell.Name(), c.Outcome, c.Took.Seconds())
		if detail := strings.TrimSpace(c.Detail); detail != "" {
			fmt.Fprintf(&out, "  %s\n", strings.ReplaceAll(detail, "\n", "\n  "))
		}
	}
	return out.String()
}
