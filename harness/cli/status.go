package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
)

const statusHelp = `status lists the runs that are up, or the one called NAME, with each component's state
and addresses. 'lab logs COMPONENT' prints a component's log, 'lab open SERVER' opens
its page, 'lab down' ends the runs.`

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use: "status [NAME]", Short: "show what is up, and where it is reached", Long: statusHelp,
		Example: "  lab status\n  lab status class --json", Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeRuns),
		RunE: func(c *cobra.Command, args []string) error { return a.status(c.Context(), first(args), asJSON) },
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print JSON: run name to its state")
	return command
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func (a *app) status(ctx context.Context, name string, asJSON bool) error {
	found, err := run.List(ctx, a.err, name)
	if err != nil {
		return err
	}
	states := map[string]keeper.State{}
	for _, up := range found {
		states[up.Client.Name()] = up.State
	}
	if asJSON {
		return json.NewEncoder(a.out).Encode(states)
	}
	if len(states) == 0 {
		a.err.Say("nothing is up; 'lab run --keep' leaves a stack up")
	}
	for _, name := range slices.Sorted(maps.Keys(states)) {
		printState(a.out, name, states[name])
	}
	return nil
}

func printState(out io.Writer, name string, s keeper.State) {
	fmt.Fprintf(out, "run %s: stack %s, %s runtime, up for %v\n", name, s.Stack, s.Runtime, time.Since(s.Started).Round(time.Second))
	table := tabwriter.NewWriter(out, 2, 8, 2, ' ', 0)
	for _, component := range slices.Sorted(maps.Keys(s.Components)) {
		c := s.Components[component]
		fmt.Fprintf(table, "  %s\t%s\t", component, c.Phase)
		for _, port := range slices.Sorted(maps.Keys(c.Ports)) {
			fmt.Fprintf(table, "%s %s  ", port, c.Ports[port])
		}
		fmt.Fprintln(table)
	}
	table.Flush()
}
