package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/dirs"
)

// runsUp returns the runs that are up, or the one called name where that is
// given.
func runsUp(ctx context.Context, name string) ([]*keeper.Client, error) {
	runs, err := dirs.Runs()
	if err != nil {
		return nil, err
	}
	all, err := keeper.List(ctx, runs)
	if err != nil || name == "" {
		return all, err
	}
	for _, c := range all {
		if c.Name() == name {
			return []*keeper.Client{c}, nil
		}
	}
	return nil, fmt.Errorf("no run called %q is up; 'lab status' lists those that are", name)
}

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use: "status [NAME]", Short: "show what is up, and where it is reached", Args: arguments(cobra.MaximumNArgs(1)),
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
	found, err := runsUp(ctx, name)
	if err != nil {
		return err
	}
	states := map[string]keeper.State{}
	for _, c := range found {
		if states[c.Name()], err = c.State(ctx); err != nil {
			return err
		}
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

func (a *app) downCommand() *cobra.Command {
	return &cobra.Command{
		Use: "down [NAME]", Short: "end the runs that are up: the one of that name, or all", Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.down(c.Context(), first(args)) },
	}
}

func (a *app) down(ctx context.Context, name string) error {
	found, err := runsUp(ctx, name)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		a.err.Say("nothing is up")
	}
	var errs []error
	for _, c := range found {
		err := c.Stop(ctx)
		errs = append(errs, err)
		if err == nil {
			a.err.Say("%s is down", c.Name())
		}
	}
	return errors.Join(errs...)
}

func (a *app) logsCommand() *cobra.Command {
	var follow bool
	var name string
	command := &cobra.Command{
		Use: "logs COMPONENT", Short: "print a component's log", Args: arguments(cobra.ExactArgs(1)),
		Example: "  lab logs kafka\n  lab logs -f flink-taskmanager",
		RunE:    func(c *cobra.Command, args []string) error { return a.logs(c.Context(), name, args[0], follow) },
	}
	command.Flags().BoolVarP(&follow, "follow", "f", false, "go on with what is printed from now on")
	command.Flags().StringVar(&name, "run", "", "the run's name, where more than one is up")
	return command
}

func (a *app) logs(ctx context.Context, name, component string, follow bool) error {
	client, state, err := a.onlyRun(ctx, name)
	if err != nil {
		return err
	}
	entry := state.Components[component]
	if entry == nil {
		return noComponent(client, state, component)
	}
	if state.Runtime == "attach" {
		return elsewhere(component)
	}
	return copyLog(ctx, a.out, entry.Log, follow)
}

// onlyRun returns the run of that name, or the one that is up.
func (a *app) onlyRun(ctx context.Context, name string) (*keeper.Client, keeper.State, error) {
	found, err := runsUp(ctx, name)
	if err != nil {
		return nil, keeper.State{}, err
	}
	if len(found) != 1 {
		return nil, keeper.State{}, fmt.Errorf("%d runs are up; 'lab status' lists them, --run chooses one", len(found))
	}
	state, err := found[0].State(ctx)
	return found[0], state, err
}

// elsewhere says that a component which was only attached to isn't ours to look
// into.
func elsewhere(component string) error {
	return fmt.Errorf("%s runs elsewhere and was only attached to: look at its log, and run commands, where it runs", component)
}

func noComponent(c *keeper.Client, state keeper.State, component string) error {
	return usageError{fmt.Errorf("run %s has no %q; it has %v", c.Name(), component, slices.Sorted(maps.Keys(state.Components)))}
}

func copyLog(ctx context.Context, out io.Writer, path string, follow bool) error {
	log, err := os.Open(path)
	if err != nil {
		return err
	}
	defer log.Close()
	for {
		if _, err := io.Copy(out, log); err != nil || !follow {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		if _, err := os.Stat(path); err != nil {
			return errors.New("the run is down")
		}
	}
}
