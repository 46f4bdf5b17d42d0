package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/author"
)

func (a *app) kindsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "kinds", Short: "print the kinds of checks that a lab.yaml can name, as Markdown", Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.out, author.Kinds())
			return err
		},
	}
}
