package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/verify/hop"
)

// Defaults, unless Options or the page set others.
const (
	CellLimit = 2 * time.Minute
	PageLimit = 20 * time.Minute
	MaxOutput = 64 << 10 // bytes
)

// Executor runs cells. The parameters are filled into the code of http and
// json cells; for sql and sh they are in Params. The error is a *Failure if the cell
// itself failed. When ctx ends, Run ends soon, and so does what it started.
type Executor interface {
	Run(ctx context.Context, cell Cell) (output string, err error)
}

// Options say how a page is run. The zero value runs it with the defaults until a
// cell fails.
type Options struct {
	Params    map[string]string
	CellLimit time.Duration // for a cell without a timeout of its own
	PageLimit time.Duration
	MaxOutput int           // bytes of one cell's output; the rest is cut, with a note
	Grace     time.Duration // for an executor to end after its context has: 10s
	KeepGoing bool          // even after a cell failed
	Event     func(Event)   // called from one goroutine; may be nil
}

// Event reports progress: a cell has started, with a nil Result, or ended.
type Event struct {
	Cell   Cell
	Result *Result
}

// Report has the results of a page's cells, in order, without those with norun.
type Report struct {
	Page    string
	Outcome hop.Outcome
	Results []Result
}

// Result is the result of one cell.
type Result struct {
	Cell    Cell
	Outcome hop.Outcome
	// Output is what the cell printed, cut if it is long.
	Output string
	// Showable says that the cell ended as the page wants, by itself or as a trap: a
	// page can show its output.
	Showable   bool
	Detail     string // why the outcome isn't passed
	Difference *Difference
	Took       time.Duration
}

// Run runs a page's cells in order. If a parameter is unknown, the page isn't run:
// the error names each one. The cells' results are only in the report.
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

// sum is the outcome of a page. A page without cells has passed.
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

// Print returns the results as lines: one per cell, with what is wrong below it.
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
