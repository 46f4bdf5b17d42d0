package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/experiment/bench"
	"hoplab.example/harness/util/ui"
)

func quietUI() *ui.UI { return ui.New(io.Discard) }

const benchCompareHelp = `compare shows what became of each figure between two files of 'lab dev bench --report'.

%s.

Reports of other machines, or made with other rows, are compared with a warning.`

type benchCompareOptions struct {
	asJSON, failOnRegression bool
	threshold                float64
}

func (a *app) benchCompareCommand() *cobra.Command {
	var o benchCompareOptions
	rule := strings.ToUpper(bench.Rule[:1]) + bench.Rule[1:]
	command := &cobra.Command{
		Use: "compare OLD.json NEW.json", Short: "compare two reports of the bench", Long: fmt.Sprintf(benchCompareHelp, rule),
		Example: "  lab dev bench compare before.json now.json\n  lab dev bench compare before.json now.json --json --fail-on-regression",
		Args:    arguments(cobra.ExactArgs(2)),
		RunE:    func(_ *cobra.Command, args []string) error { return a.benchCompare(args[0], args[1], o) },
	}
	f := command.Flags()
	f.BoolVar(&o.asJSON, "json", false, "print JSON: each figure's medians, change and verdict")
	f.BoolVar(&o.failOnRegression, "fail-on-regression", false, "exit with 1 where a figure has become worse, or wrong")
	f.Float64Var(&o.threshold, "threshold", bench.DefaultThreshold, "the least change that counts, in percent")
	return command
}

func (a *app) benchCompare(old, now string, o benchCompareOptions) error {
	if !(o.threshold >= 0) {
		return usageError{fmt.Errorf("--threshold is %v; it is a percentage, 0 or more", o.threshold)}
	}
	reports, err := readReports([]string{old, now})
	if err != nil {
		return err
	}
	c := bench.Compare(reports[0], reports[1], o.threshold)
	for _, w := range c.Warnings {
		a.err.Say("warning: %s", w)
	}
	if o.asJSON {
		text, err := c.JSON()
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s", text)
	} else {
		c.Print(a.out, a.paint)
	}
	return o.verdict(c)
}

func (o benchCompareOptions) verdict(c bench.Comparison) error {
	var worse []string
	for _, change := range c.Regressions() {
		worse = append(worse, fmt.Sprintf("%s is %s", change.Title(), change.Verdict))
	}
	if !o.failOnRegression || len(worse) == 0 {
		return nil
	}
	return failedError{strings.Join(worse, "\n")}
}

func readReports(paths []string) (reports []bench.Report, err error) {
	for _, path := range paths {
		r, err := bench.Read(path)
		if err != nil {
			return nil, usageError{err}
		}
		reports = append(reports, r)
	}
	return reports, nil
}

func (a *app) benchShowCommand() *cobra.Command {
	var o benchOutput
	command := &cobra.Command{
		Use: "show REPORT.json…", Short: "show reports of the bench again",
		Long: "show prints the table of reports that 'lab dev bench --report' wrote, and makes the\n" +
			"plot or the page's table from them, without measuring. It merges the figures of several\n" +
			"reports; where a figure is in more than one, the last report's counts.",
		Example: "  lab dev bench show now.json --plot now.png\n  lab dev bench show flow.json boot.json --update docs/benchmarks.md",
		Args:    arguments(cobra.MinimumNArgs(1)),
		RunE:    func(_ *cobra.Command, args []string) error { return a.benchShow(args, o) },
	}
	o.flags(command)
	return command
}

func (a *app) benchShow(paths []string, o benchOutput) error {
	if err := o.check(); err != nil {
		return err
	}
	reports, err := readReports(paths)
	if err != nil {
		return err
	}
	report, warnings := bench.Merge(reports)
	for _, w := range warnings {
		a.err.Say("warning: %s", w)
	}
	if report.Short && o.update != "" {
		return usageError{fmt.Errorf("a report is of the short form, which only shows that the parts work; its figures aren't results, and %s stays as it is", o.update)}
	}
	report.Print(a.out)
	return o.write(report)
}
