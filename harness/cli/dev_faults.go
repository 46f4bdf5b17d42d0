package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"hoplab.example/harness/experiment/fault"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
)

const faultsHelp = `faults lets rows flow and then, one after another, kills each server and starts it
again, pauses each for longer than its peers wait, cuts the connections between
them or has these swallow what is sent, keeps the bridge away while rows come, and
has Elasticsearch refuse to write. After each it waits until the rows flow again,
and compares each hop with the oracle:

  lost      rows that should be there and aren't: none may be
  repeated  what is there beyond one of each row: the publisher and the bridge may
            send again, and in Elasticsearch there must be none
  after     how long after the fault's end the hop had caught up

With Kafka Connect as the bridge rows may be lost; the table then says why. It
runs on a stack of its own and ends with 1 where a guarantee is broken. --update
writes the table into a Markdown file, between two comments that say so.`

// faultsOptions are faults' flags.
type faultsOptions struct {
	short, list, asJSON bool
	only                string
	rate                float64
	runtime             string
	report, update      string
}

func (a *app) faultsCommand() *cobra.Command {
	var o faultsOptions
	command := &cobra.Command{
		Use: "faults", Short: "kill, pause and cut off each server while rows flow, and count the rows", Long: faultsHelp,
		Example: "  lab dev faults --short\n  lab dev faults --only 'kafka|bridge'\n  lab dev faults --update docs/faults.md",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.faults(c.Context(), o) },
	}
	f := command.Flags()
	f.BoolVar(&o.short, "short", false, "each kind of fault once, and a kill of each server: some minutes")
	f.BoolVar(&o.list, "list", false, "print the faults' names and end")
	f.StringVar(&o.only, "only", "", "those whose name this regular expression matches")
	f.Float64Var(&o.rate, "rate", 0, "rows a second (default 500)")
	f.StringVar(&o.runtime, "runtime", "", "containers or local (default: containers where an engine and all images are there)")
	f.BoolVar(&o.asJSON, "json", false, "print JSON: each fault's hops")
	f.StringVar(&o.report, "report", "", "write the JSON to this file, after each fault")
	f.StringVar(&o.update, "update", "", "write the table into this Markdown file")
	return command
}

// cases returns those that were asked for.
func (o faultsOptions) cases() ([]fault.Case, error) {
	only, err := regexp.Compile(o.only)
	if err != nil {
		return nil, usageError{fmt.Errorf("--only: %w", err)}
	}
	if o.rate < 0 || o.rate > 10_000 {
		return nil, usageError{fmt.Errorf("--rate is %v; give 1 to 10000 rows a second", o.rate)}
	}
	if o.update != "" {
		if _, err := fault.Place.Read(o.update); err != nil {
			return nil, usageError{fmt.Errorf("--update: %w", err)}
		}
	}
	cases := slices.DeleteFunc(fault.Cases(), func(c fault.Case) bool {
		return o.short && !c.Short || !only.MatchString(c.Name)
	})
	if len(cases) == 0 {
		return nil, usageError{fmt.Errorf("--only %q matches no fault; --list prints their names", o.only)}
	}
	return cases, nil
}

func (a *app) faults(ctx context.Context, o faultsOptions) error {
	cases, err := o.cases()
	if err != nil {
		return err
	}
	if o.list {
		for _, c := range cases {
			fmt.Fprintln(a.out, c.Name)
		}
		return nil
	}
	r, err := a.faultsRun(ctx, o)
	if err != nil {
		return err
	}
	defer r.Close(a.err)
	report := fault.Report{Runtime: r.Runtime, Rate: o.rate}
	for i, c := range cases {
		result, err := a.oneFault(ctx, r, c, o.rate, fmt.Sprintf("%d of %d", i+1, len(cases)))
		if err != nil {
			return err
		}
		report.Results = append(report.Results, result)
		if o.report != "" {
			if err := report.Write(o.report); err != nil {
				return err
			}
		}
	}
	return a.showFaults(report, o)
}

func (a *app) oneFault(ctx context.Context, r *run.Run, c fault.Case, rate float64, place string) (fault.Result, error) {
	board := a.err.Board()
	result, err := c.Run(ctx, fault.Options{
		Client: r.Client, Rate: rate,
		Stage: func(what string) { board.Set("fault "+place, 0, 0, what) },
	})
	board.Close()
	if err == nil {
		a.err.Say("%s: %s, %.0f s", c.Name, result.Verdict(), result.Span.Seconds())
	}
	return result, err
}

func (a *app) showFaults(report fault.Report, o faultsOptions) error {
	if o.update != "" {
		if err := fault.Place.Write(o.update, report.Markdown()); err != nil {
			return err
		}
	}
	if o.asJSON {
		if err := json.NewEncoder(a.out).Encode(report); err != nil {
			return err
		}
	} else {
		report.Print(a.out)
	}
	if n := report.Wrong(); n > 0 {
		return failedError{fmt.Sprintf("%d of %d faults break a guarantee", n, len(report.Results))}
	}
	return nil
}

// faultsRun starts a run of this process's own, since no other program must meet what
// is done to it.
func (a *app) faultsRun(ctx context.Context, o faultsOptions) (*run.Run, error) {
	versions, err := version.Find(version.Faults)
	if err != nil {
		return nil, err
	}
	chosen, err := run.Options{Runtime: o.runtime, UI: a.err}.ChooseRuntime(ctx, versions, append(fault.Core, "connect"))
	if err != nil {
		return nil, err
	}
	if chosen == "attach" {
		return nil, usageError{errors.New("--runtime attach: servers that run elsewhere are neither killed nor paused; use local or containers")}
	}
	return a.ownRun(ctx, "faults", keeper.Config{Runtime: chosen, Stack: version.Faults}, fault.Core)
}
