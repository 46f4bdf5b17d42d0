package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/util/wait"
)

const logsHelp = `logs prints the log of a component of a run that is up, such as kafka. 'lab status'
lists the components and their states.`

func (a *app) logsCommand() *cobra.Command {
	var follow bool
	var name string
	command := &cobra.Command{
		Use: "logs COMPONENT", Short: "print a component's log", Long: logsHelp, Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeComponents),
		Example: "  lab logs kafka\n  lab logs -f flink-taskmanager",
		RunE:    func(c *cobra.Command, args []string) error { return a.logs(c.Context(), name, args[0], follow) },
	}
	command.Flags().BoolVarP(&follow, "follow", "f", false, "continue with what is logged from now on")
	runFlag(command, &name)
	return command
}

func (a *app) logs(ctx context.Context, name, component string, follow bool) error {
	found, err := run.Choose(ctx, a.err, name)
	if err == nil {
		err = ownComponent(found, component)
	}
	if err != nil {
		return err
	}
	return copyLog(ctx, a.out, found.State.Components[component].Log, follow)
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
		if wait.For(ctx, 200*time.Millisecond) != nil {
			return nil
		}
		if _, err := os.Stat(path); err != nil {
			return errors.New("the run is down")
		}
	}
}
