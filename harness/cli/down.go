package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
)

const downHelp = `down ends the run called NAME, or all of yours that are up, and removes their folders,
with the data and logs in them. The downloads stay in the cache for the next start.`

func (a *app) downCommand() *cobra.Command {
	return &cobra.Command{
		Use: "down [NAME]", Short: "end the run of that name, or all that are up", Long: downHelp,
		Example: "  lab down\n  lab down class", Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeRuns),
		RunE: func(c *cobra.Command, args []string) error { return a.down(c.Context(), first(args)) },
	}
}

func (a *app) down(ctx context.Context, name string) error {
	found, err := run.List(ctx, a.err, name)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		a.err.Say("nothing is up")
	}
	var errs []error
	for _, up := range found {
		err := up.Client.Stop(ctx)
		errs = append(errs, err)
		if err == nil {
			a.err.Say("%s is down", up.Client.Name())
		}
	}
	return errors.Join(errs...)
}
