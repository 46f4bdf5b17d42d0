package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

// findLab returns the lab that the command line names.
func findLab(name string, o labsOptions) (lab.Lab, error) {
	set, err := o.set()
	if err != nil {
		return lab.Lab{}, err
	}
	all, err := set.All()
	if err != nil {
		return lab.Lab{}, err
	}
	l, err := lab.Find(all, name)
	if err != nil {
		return l, usageError{err}
	}
	return l, nil
}

// labCommand makes a command that works on one lab's files.
func labCommand(use, short, long string, do func(student.Book, lab.Lab) error) *cobra.Command {
	var o workOptions
	command := &cobra.Command{
		Use: use, Short: short, Long: long, Example: "  lab " + strings.Replace(use, " N", " 3", 1),
		Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := findLab(args[0], o.labSet)
			if err != nil {
				return err
			}
			return do(student.Book{Dir: o.work, Name: o.student}, l)
		},
	}
	o.flags(command)
	return command
}
