package cli

import (
	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

const hintHelp = `hint N gives one more hint for the first check of lab N that failed when 'lab work N'
last ran the checks. The hints of a check go from a question to the answer; 'lab
work N' runs the checks again after you have changed your files.`

func (a *app) hintCommand() *cobra.Command {
	return labCommand("hint N", "give the next hint for the first check that fails", hintHelp, func(b student.Book, l lab.Lab) error {
		check, hint, left, err := b.Hint(l)
		switch {
		case err != nil:
			return err
		case hint == "":
			a.err.Say("no check of lab %d has failed yet; 'lab work %d' runs the checks", l.Number(), l.Number())
		default:
			a.tell(check.Title + ": " + hint)
			a.err.Say("%d more hints for this check", left)
		}
		return nil
	})
}
