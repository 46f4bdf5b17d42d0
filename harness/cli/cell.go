package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/verify/hop"
)

const cellHelp = `cell N ID runs one cell of lab N's page and prints its output. Cells of a page build on
each other, so those above it run first, without their output; those that only read
are left out. cell N alone lists the page's cells.

The page gets rows and names of its own, which are removed at the end. The servers that
are missing are started, and stay up until 'lab down'.`

const cellExample = `  lab cell 3
  lab cell 3 count
  lab cell flink windows`

func (a *app) cellCommand() *cobra.Command {
	var o pageOptions
	command := &cobra.Command{
		Use: "cell N [ID]", Short: "run one cell of a lab's page", Long: cellHelp, Example: cellExample,
		Args: arguments(cobra.RangeArgs(1, 2)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				return a.listCells(args[0], &o)
			}
			return a.cell(c.Context(), args[0], args[1], &o)
		},
	}
	o.flags(command)
	return command
}

// listCells prints the page's cells, each with the beginning of its code.
func (a *app) listCells(name string, o *pageOptions) error {
	_, page, err := o.read(name)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "cell\tkind\tline\tbegins")
	for _, c := range page.Cells {
		if !c.NoRun {
			begins, _, _ := strings.Cut(c.Code, "\n")
			fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", c.Name(), c.Kind, c.Line, begins)
		}
	}
	return table.Flush()
}

func (a *app) cell(ctx context.Context, name, id string, o *pageOptions) error {
	l, page, err := o.read(name)
	if err != nil {
		return err
	}
	short := course.Upto(page, id)
	if short == nil {
		return usageError{fmt.Errorf("lab %d's page has no cell %q that can be run; 'lab cell %d' lists them", l.Number(), id, l.Number())}
	}
	var report notebook.Report
	err = a.withPage(ctx, l, short, o, func(ctx context.Context, runner course.Runner) error {
		report, err = runner.Run(ctx, l, short, notebook.Options{Event: a.cellBegun})
		return err
	})
	if err != nil {
		return err
	}
	for _, r := range report.Results {
		if r.Outcome != hop.Passed && r.Outcome != hop.Skipped && r.Cell.Name() != id {
			a.err.Say("%s above it has not passed:\n%s", r.Cell.Name(), r.Detail)
		}
	}
	last := report.Results[len(report.Results)-1]
	io.WriteString(a.out, last.Output)
	switch {
	case last.Difference != nil:
		return failedError{last.Detail}
	case last.Outcome != hop.Passed:
		return failedError{fmt.Sprintf("%s: %s", last.Outcome, last.Detail)}
	case last.Cell.Fails:
		a.err.Say("that it fails is what the page shows")
	}
	return nil
}

// cellBegun says which cell runs.
func (a *app) cellBegun(e notebook.Event) {
	if e.Result == nil {
		a.err.Say("running %s, line %d", e.Cell.Name(), e.Cell.Line)
	}
}
