package cli

import (
	"context"

	"github.com/spf13/cobra"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
)

const devHelp = `dev has what only authors of labs and developers of hoplab need. Authors: 'lab dev new'
begins a lab, 'lab dev kinds' lists the kinds of checks, 'lab dev lint' checks the labs.
Developers: 'lab dev bench', 'lab dev faults' and 'lab dev compat' measure and try the
parts, and write the tables of docs/; 'lab dev images' makes container images where none
can be pulled; 'lab dev tests' lists the tests that were skipped, and why.`

func (a *app) devCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "dev", Short: "check and begin labs, measure and try the parts, build images", Long: devHelp, Example: "  lab dev lint\n  lab dev bench --short",
		Args: arguments(cobra.NoArgs), SuggestFor: []string{"lint", "new", "kinds", "bench", "faults", "compat", "images", "tests"},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(a.lintCommand(), a.newCommand(), a.kindsCommand(), a.benchCommand(), a.faultsCommand(), a.compatCommand(), a.devImagesCommand(), a.testsCommand())
	return command
}

// ownRun returns a run of a command's own with the named components ready: no other
// command uses, or is affected by, its servers.
func (a *app) ownRun(ctx context.Context, what string, c keeper.Config, names []string) (*run.Run, error) {
	r, err := run.StartOwn(ctx, what, c, names)
	if err != nil {
		return nil, err
	}
	return r, r.Boot(ctx, a.err)
}
