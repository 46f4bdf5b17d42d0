package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
)

const disturbHelp = `%s

The component belongs to a run that is up, such as one that 'lab up' or 'lab run --keep'
left. 'lab watch' shows how the rest of the pipeline reacts, as it happens;
'lab status' shows the state that each component is in.`

// disturbCommand makes a command that does one thing to components of a run. done
// completes the sentence "kafka is ...".
func (a *app) disturbCommand(fault keeper.Fault, short, long, done string) *cobra.Command {
	var name string
	command := &cobra.Command{
		Use: string(fault) + " COMPONENT...", Short: short, Long: fmt.Sprintf(disturbHelp, long),
		Example: fmt.Sprintf("  lab %[1]s kafka\n  lab %[1]s mosquitto --run class", fault),
		Args:    arguments(cobra.MinimumNArgs(1)), ValidArgsFunction: completeComponents,
		RunE: func(c *cobra.Command, args []string) error {
			return a.disturb(c.Context(), name, fault, args, done)
		},
	}
	runFlag(command, &name)
	return command
}

func (a *app) disturb(ctx context.Context, name string, fault keeper.Fault, components []string, done string) error {
	found, err := run.Choose(ctx, a.err, name)
	if err != nil {
		return err
	}
	for _, component := range components {
		if err := ownComponent(found, component); err != nil {
			return err
		}
	}
	for _, component := range components {
		if err := found.Client.Do(ctx, fault, component); err != nil {
			return err
		}
		a.err.Say("%s is %s", component, done)
	}
	return nil
}
