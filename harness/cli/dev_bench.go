package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/experiment/bench"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/runtime/attach"
)

const benchHelp = `bench measures hoplab's parts, most against something that does the same, and
prints the ratios:

%s
Both sides are measured in turn in the same run; it reports the median of
the runs, with the least and the largest. It ends with 1 where a goal is missed, or where
rows were lost.

--short measures everything in about two minutes, with few rows and one run: it
shows that the parts work and that every row arrives, and sets no goal of speed.
--report writes every run's values as JSON (harness/experiment/bench/report.schema.json),
'lab dev bench compare' compares two such files, and 'lab dev bench show' makes the table
or the plot from them. --update writes the table into a Markdown file, between two
comments that say so.

--attach FILE measures %s on servers that run already, such as a cluster's.`

const benchExample = `  lab dev bench --report now.json --update docs/benchmarks.md --plot now.svg
  lab dev bench --only bridge,connect --rows 50000 --runs 1
  lab dev bench --short
  lab dev bench --only chain --attach cluster.yaml --partitions 12 --parallel 4 --shards 4
  lab dev bench compare before.json now.json --fail-on-regression`

type benchOptions struct {
	only   []string
	report string
	shown  benchOutput
	scale  pipeline.Scale
	stack  stackOptions
	mqtt   string       // the component that serves it
	file   *attach.File // of the servers that run elsewhere; nil for servers of the bench's own
	bench.Options
}

// benchOutput says where figures are shown, besides the terminal.
type benchOutput struct{ update, plot string }

func (o *benchOutput) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.update, "update", "", "write the table into this Markdown file")
	c.Flags().StringVar(&o.plot, "plot", "", "draw the figures into this file, .png or .svg")
}

// check looks before anything is measured.
func (o benchOutput) check() error {
	if o.plot != "" {
		if err := bench.CheckPlot(o.plot); err != nil {
			return usageError{fmt.Errorf("--plot: %w", err)}
		}
	}
	if o.update != "" {
		if _, err := bench.Place.Read(o.update); err != nil {
			return usageError{fmt.Errorf("--update: %w", err)}
		}
	}
	return nil
}

func (o benchOutput) write(r bench.Report) error {
	if o.plot != "" {
		if err := r.Plot(o.plot); err != nil {
			return err
		}
	}
	if o.update != "" {
		return bench.Place.Write(o.update, r.Markdown())
	}
	return nil
}

func (a *app) benchCommand() *cobra.Command {
	var o benchOptions
	command := &cobra.Command{
		Use: "bench", Short: "measure the parts against others that do the same", Long: fmt.Sprintf(benchHelp, partsHelp(), strings.Join(partNames(alsoAttached), ", ")),
		Example: benchExample, Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Short {
				o.shorten(c.Flags().Changed)
			}
			return a.bench(c.Context(), o)
		},
	}
	f := command.Flags()
	f.StringSliceVar(&o.only, "only", nil, "measure these parts only (default: all but containers)")
	f.Int64Var(&o.Rows, "rows", 200_000, "messages for each side of a run (default with --short: 5000)")
	f.IntVar(&o.Runs, "runs", 3, "runs of each part (default with --short: 1)")
	f.BoolVar(&o.Short, "short", false, "measure all in two minutes, with few rows, one run and no goals of speed")
	f.StringVar(&o.report, "report", "", "write the figures to this file, as JSON")
	f.StringVar(&o.stack.attach, "attach", "", "a file of addresses: measure on servers that run already")
	scaleFlags(command, &o.scale)
	o.shown.flags(command)
	command.AddCommand(a.benchCompareCommand(), a.benchShowCommand())
	return command
}

// shorten sets what the command line leaves open.
func (o *benchOptions) shorten(said func(flag string) bool) {
	if !said("rows") {
		o.Rows = 5000
	}
	if !said("runs") {
		o.Runs = 1
	}
}

func (o benchOptions) check() error {
	for _, name := range o.only {
		if !slices.ContainsFunc(benchParts, func(p benchPart) bool { return p.name == name }) {
			return usageError{fmt.Errorf("--only %s: there is %s", name, strings.Join(partNames(byDefault, alsoAttached, whereNamed), ", "))}
		}
		if o.file != nil && !slices.Contains(partNames(alsoAttached), name) {
			return usageError{fmt.Errorf("--only %s needs servers of the bench's own; with --attach there is %s", name, strings.Join(partNames(alsoAttached), ", "))}
		}
	}
	if err := o.scale.Check(); err != nil {
		return usageError{err}
	}
	switch {
	case o.Rows < 1 || o.Runs < 1:
		return usageError{errors.New("--rows and --runs must be positive")}
	case len(o.only) > 0 && o.shown.update != "":
		return usageError{errors.New("--update with --only would leave the other parts out of the table: write --report files, and then 'lab dev bench show A.json B.json --update FILE'")}
	}
	if err := o.shown.check(); err != nil {
		return err
	}
	if o.Short && o.shown.update != "" {
		return usageError{fmt.Errorf("--short only shows that the parts work, and its figures aren't results: leave out --short to update %s", o.shown.update)}
	}
	return nil
}

// has reports whether one of these parts is to be measured.
func (o benchOptions) has(parts ...string) bool {
	return slices.ContainsFunc(benchParts, func(p benchPart) bool {
		chosen := slices.Contains(o.only, p.name) || len(o.only) == 0 && p.kind != whereNamed && (o.file == nil || p.kind == alsoAttached)
		return chosen && slices.Contains(parts, p.name)
	})
}

func (a *app) bench(ctx context.Context, o benchOptions) error {
	o.mqtt = benchBroker
	if o.stack.attach != "" {
		var err error
		if o.mqtt, o.file, err = a.broker("", &o.stack); err != nil {
			return err
		}
	}
	if err := o.check(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hoplab-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.Say = func(format string, args ...any) { a.err.Say("  "+format, args...) }
	b := &bencher{app: a, benchOptions: o, dir: dir}
	report := bench.NewReport(o.Options)
	err = b.measure(ctx, &report)
	b.stop()
	if len(report.Figures) > 0 { // after an error, what was measured until then
		fmt.Fprintln(a.out)
		report.Print(a.out)
	}
	if err != nil {
		return err
	}
	return a.benchDone(o, report)
}

// benchDone writes the files that were asked for, and returns what has failed.
func (a *app) benchDone(o benchOptions, report bench.Report) error {
	if o.report != "" {
		if err := report.Write(o.report); err != nil {
			return err
		}
	}
	if err := o.shown.write(report); err != nil {
		return err
	}
	if failed := report.Failures(); len(failed) > 0 {
		return failedError{strings.Join(failed, "\n")}
	}
	return nil
}

// measure has each part add its figures.
func (b *bencher) measure(ctx context.Context, report *bench.Report) error {
	var chosen []benchPart
	for _, p := range benchParts {
		if b.has(p.name) {
			chosen = append(chosen, p)
		}
	}
	for i, p := range chosen {
		b.err.Say("[%d/%d] %s", i+1, len(chosen), p.name)
		began := time.Now()
		figures, err := p.measure(b, ctx)
		if err != nil {
			return fmt.Errorf("bench %s: %w", p.name, err)
		}
		for _, f := range figures {
			if f.Part == "" {
				f.Part = p.name
			}
			report.Figures = append(report.Figures, f)
		}
		b.Say("%s took %.0f s", p.name, time.Since(began).Seconds())
	}
	return nil
}
