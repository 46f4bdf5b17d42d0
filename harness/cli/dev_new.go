package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/author"
	"hoplab.example/harness/exercise/lab"
)

const newHelp = `new makes the folder of a new lab, with a lab.yaml, a page, and a file to fill in
with its solution, and lists what is left to write in them, which FIXME marks. It
never overwrites a file. 'lab dev lint' then reports what isn't right yet.`

func (a *app) newCommand() *cobra.Command {
	var dir string
	command := &cobra.Command{
		Use: "new NN-name", Short: "make the folder of a new lab, for its author", Long: newHelp, Example: "  lab dev new 08-alerts",
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return a.newLab(dir, args[0]) },
	}
	command.Flags().StringVar(&dir, "dir", "", "the labs' folder (default: the checkout's)")
	return command
}

func (a *app) newLab(dir, id string) error {
	dir, err := labsFolder(dir)
	if err != nil {
		return err
	}
	made, err := author.New(dir, id)
	var name *author.NameError
	if errors.As(err, &name) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	for _, path := range made {
		fmt.Fprintf(a.out, "made %s\n", path)
	}
	set, err := lab.Open(dir)
	if err != nil {
		return err
	}
	fmt.Fprintln(a.out, "left to write:")
	for _, p := range author.ToWrite(set, id) {
		fmt.Fprintf(a.out, "  %s\n", p)
	}
	return nil
}
