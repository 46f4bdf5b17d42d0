package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/fixtures"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/ui"
)

// generatedRows is how many rows --seed generates unless --rows says.
const generatedRows = 3000

// maxBadShown is how many malformed rows are reported one by one.
const maxBadShown = 5

// inputOptions are the flags that say which rows to send.
type inputOptions struct {
	path    string
	rows    int64
	seed    uint64
	people  int // --subjects
	skipBad bool
	order   string
	late    string
	seeded  bool // --seed or --subjects was given
}

func (o *inputOptions) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&o.path, "input", "", "a file of raw rows, or the WISDM dataset's folder, zip or tar.gz")
	f.Int64Var(&o.rows, "rows", 0, "send at most this many rows (0: all that there are)")
	f.Uint64Var(&o.seed, "seed", 1, "generate rows from this seed, the same ones each time")
	f.IntVar(&o.people, "subjects", 0, "generate rows of this many subjects: with fewer, each one's sessions last longer (default: as --rows allows)")
	f.StringVar(&o.order, "order", byTime, "time: all subjects at once, by event time; file: file by file, as the original lab sent them (windows in Flink then drop most rows)")
	f.StringVar(&o.late, "late", "", "hold some rows back: with 2%/10s, 2 % of them come 10 s of event time late, and a watermark that waits less drops some (default: none)")
	f.BoolVar(&o.skipBad, "skip-bad", false, "leave malformed rows out and count them; otherwise the first one ends the run")
}

// The orders of rows.
const (
	byTime = "time"
	byFile = "file"
)

// given notes whether rows are to be generated.
func (o *inputOptions) given(c *cobra.Command) {
	o.seeded = c.Flags().Changed("seed") || c.Flags().Changed("subjects")
}

// read returns the rows to send and what every hop must hold of them. If
// malformed rows may be left out, each is reported to u once.
func (o *inputOptions) read(c *cobra.Command, u *ui.UI) (wisdm.Input, *wisdm.Oracle, error) {
	o.given(c)
	bad := &badRows{ui: u}
	input, err := o.open(bad)
	if err != nil {
		return nil, nil, err
	}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, o.rows)
	if err != nil {
		return nil, nil, inputError{err, o.skipBad}
	}
	bad.end()
	if oracle.Count() == 0 {
		return nil, nil, usageError{fmt.Errorf("%s holds no row", input.Name())}
	}
	return input, oracle, nil
}

func (o *inputOptions) open(bad *badRows) (wisdm.Input, error) {
	if o.order != byTime && o.order != byFile {
		return nil, usageError{fmt.Errorf("--order is %q; give %s or %s", o.order, byTime, byFile)}
	}
	input, err := o.stored(bad)
	if err == nil && o.order == byFile {
		input = wisdm.FileOrder(input)
	}
	if err == nil && o.late != "" {
		var delay wisdm.Delay
		if delay, err = wisdm.ParseDelay(o.late); err != nil {
			return nil, usageError{fmt.Errorf("--late: %w", err)}
		}
		input = wisdm.WithDelay(input, delay, o.seed)
	}
	return input, err
}

// stored returns the rows in the order of time.
func (o *inputOptions) stored(bad *badRows) (wisdm.Input, error) {
	var options wisdm.Options
	if o.skipBad {
		options.OnBad = bad.add
	}
	switch {
	case o.rows < 0:
		return nil, usageError{fmt.Errorf("--rows is %d; give 0 for all, or a positive number", o.rows)}
	case o.path != "" && o.seeded:
		return nil, usageError{errors.New("--input reads rows, and --seed and --subjects generate them: give one of the two")}
	case o.path != "":
		input, err := wisdm.Open(o.path, options)
		if err != nil {
			return nil, usageError{err}
		}
		return input, nil
	case o.seeded || o.rows > 0:
		o.rows = orDefault(o.rows, generatedRows)
		return wisdm.Generator{Seed: o.seed, Rows: o.rows, Subjects: o.people}, nil
	}
	return wisdm.OpenFS(fixtures.Rows(), fixtures.RowsName, options)
}

func orDefault(n, otherwise int64) int64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// badRows reports malformed rows, the first few one by one. The publisher reads the
// input again; after end nothing more is reported.
type badRows struct {
	ui    *ui.UI
	count int64
	ended bool
}

func (b *badRows) add(err *wisdm.RowError) {
	if b.ended {
		return
	}
	b.count++
	if b.count <= maxBadShown {
		b.ui.Say("left out: %v", err)
	}
}

func (b *badRows) end() {
	b.ended = true
	if b.count > 0 {
		b.ui.Say("%s malformed rows are left out", ui.Count(b.count))
	}
}

// inputError is an error in the rows themselves.
type inputError struct {
	error
	skipping bool
}

func (e inputError) Unwrap() error { return e.error }

// Hint says how to go on without the row.
func (e inputError) Hint() string {
	var row *wisdm.RowError
	if e.skipping || !errors.As(e.error, &row) {
		return ""
	}
	return "correct the row, or leave malformed ones out with --skip-bad"
}
