package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

func (a *app) hintCommand() *cobra.Command {
	return lessonTool("hint N", "give the next hint for the check that fails first", func(b student.Book, l lab.Lab) error {
		check, hint, left, err := b.Hint(l)
		switch {
		case err != nil:
			return err
		case hint == "":
			a.err.Say("no check of lab %d has failed yet; 'lab work %d' makes them", l.Number(), l.Number())
		default:
			fmt.Fprintf(a.out, "%s: %s\n", check.Title, hint)
			a.err.Say("%d more for this check", left)
		}
		return nil
	})
}
