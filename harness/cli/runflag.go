package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"

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

// runFlag lets the command line choose a run.
func runFlag(c *cobra.Command, run *string) {
	c.Flags().StringVar(run, "run", "", "the run's name, where more than one is up")
	completeFlag(c, "run", completeRuns)
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
