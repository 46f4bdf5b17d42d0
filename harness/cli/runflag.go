package cli

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
)

// runFlag lets the command line choose a run.
func runFlag(c *cobra.Command, name *string) {
	c.Flags().StringVar(name, "run", "", "the run's name, where more than one is up")
	completeFlag(c, "run", completeRuns)
}

// attachedError says that a component which was only attached to isn't ours to look
// into.
func attachedError(component string) error {
	return fmt.Errorf("%s runs elsewhere and was only attached to: look at its log, and run commands, where it runs", component)
}

func noComponent(u run.Up, component string) error {
	return usageError{fmt.Errorf("run %s has no %q; it has %v", u.Client.Name(), component, slices.Sorted(maps.Keys(u.State.Components)))}
}

// ownComponent reports a component that the run doesn't have, or has elsewhere.
func ownComponent(u run.Up, component string) error {
	if u.State.Components[component] == nil {
		return noComponent(u, component)
	}
	if u.State.Runtime == "attach" {
		return attachedError(component)
	}
	return nil
}
