package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

const solutionHelp = `solution N prints our files of lab N, once all of its checks have passed on yours: to
compare, since there is more than one right answer. --force shows them before that.`

func (a *app) solutionCommand() *cobra.Command {
	var force bool
	command := labCommand("solution N", "show our solution of a lab that you have solved", solutionHelp, func(b student.Book, l lab.Lab) error {
		progress, err := b.Progress()
		if err != nil {
			return err
		}
		if progress[l.ID].Solved.IsZero() && !force {
			return failedError{fmt.Sprintf("lab %d isn't solved yet: 'lab hint %d' helps, --force shows the solution before that", l.Number(), l.Number())}
		}
		for _, name := range l.Files {
			label, text, err := l.Solution(name, b.Name)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "== %s (%s)\n%s\n", name, label, strings.TrimRight(string(text), "\n"))
		}
		return nil
	})
	command.Flags().BoolVar(&force, "force", false, "show it before the lab is solved")
	return command
}
