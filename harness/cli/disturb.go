package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
)

const disturbHelp = `%s

The component is of a run that is up, such as one of 'lab up' or 'lab run --keep'.
'lab kill' and 'lab pause' are for seeing what the rest of the pipeline makes of it;
'lab watch' shows that as it happens, and 'lab faults' tries all of it by itself.`

// disturbCommands are what a student can do to a component.
func (a *app) disturbCommands() []*cobra.Command {
	var commands []*cobra.Command
	for _, d := range []struct {
		fault       keeper.Fault
		short, long string
		done        string
	}{
		{keeper.Kill, "end a component as kill -9 does",
			"kill ends components at once: they can't save or say anything. What they had on\ntheir disks stays, and 'lab restart' starts them with it.", "killed"},
		{keeper.Pause, "keep a component from running",
			"pause keeps components from running, as SIGSTOP does, until 'lab resume'. Their\nconnections stay open, and nobody answers.", "paused"},
		{keeper.Resume, "let a paused component go on", "resume ends what 'lab pause' began.", "running again"},
		{keeper.Restart, "kill a component and start it again",
			"restart starts components again, with what is on their disks and at the same\naddresses. Those that run are killed first. It returns when they are ready.", "ready again"},
	} {
		var name string
		command := &cobra.Command{
			Use: string(d.fault) + " COMPONENT...", Short: d.short, Long: fmt.Sprintf(disturbHelp, d.long),
			Example: "  lab " + string(d.fault) + " kafka",
			Args:    arguments(cobra.MinimumNArgs(1)),
			RunE: func(c *cobra.Command, args []string) error {
				return a.disturb(c.Context(), name, d.fault, args, d.done)
			},
		}
		command.Flags().StringVar(&name, "run", "", "the run's name, where more than one is up")
		commands = append(commands, command)
	}
	return commands
}

func (a *app) disturb(ctx context.Context, run string, fault keeper.Fault, components []string, done string) error {
	client, state, err := a.onlyRun(ctx, run)
	if err != nil {
		return err
	}
	for _, name := range components {
		if state.Components[name] == nil {
			return noComponent(client, state, name)
		}
		if state.Runtime == "attach" {
			return elsewhere(name)
		}
	}
	for _, name := range components {
		if err := client.Do(ctx, fault, name); err != nil {
			return err
		}
		a.err.Say("%s is %s", name, done)
	}
	return nil
}
