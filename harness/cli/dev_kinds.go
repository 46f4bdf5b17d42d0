package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/author"
)

const kindsHelp = `kinds prints each kind of check that a lab.yaml can name: what it looks at, which checks
have to run before it, and its options. 'lab dev lint' checks a lab.yaml against this.`

func (a *app) kindsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "kinds", Short: "print the kinds of checks that a lab.yaml can name, as Markdown", Long: kindsHelp,
		Example: "  lab dev kinds", Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, author.Kinds())
			return err
		},
	}
}
