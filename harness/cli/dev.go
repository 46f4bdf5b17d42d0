package cli

import "github.com/spf13/cobra"

const devHelp = `dev has what authors of labs and developers of hoplab need, and nobody else: 'lab dev
new' begins a lab, 'lab dev kinds' says which checks there are and 'lab dev lint'
checks the labs; 'lab dev bench', 'lab dev faults'
and 'lab dev compat' measure and try the parts, and write the tables of docs/; 'lab
dev images' makes container images where none can be pulled; 'lab dev tests' says which
tests were skipped and for want of what.`

func (a *app) devCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "dev", Short: "check and begin labs, measure and try the parts, build images", Long: devHelp,
		Args: arguments(cobra.NoArgs), SuggestFor: []string{"lint", "new", "kinds", "bench", "faults", "compat", "images"},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	command.AddCommand(a.lintCommand(), a.newCommand(), a.kindsCommand(), a.benchCommand(), a.faultsCommand(), a.compatCommand(), a.imagesCommand(), a.testsCommand())
	return command
}
