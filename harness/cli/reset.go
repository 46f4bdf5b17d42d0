package cli

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

const resetHelp = `reset N moves your files of lab N to a folder beside them, and copies the files to
fill in again. It asks first, and a 'lab work N' that is waiting runs the checks on
the new files. Points that you already have stay in 'lab progress'.`

func (a *app) resetCommand() *cobra.Command {
	var yes bool
	command := labCommand("reset N", "begin a lab again, and keep a copy of your files", resetHelp, func(b student.Book, l lab.Lab) error {
		if _, err := os.Stat(b.Folder(l)); err == nil && !yes && !a.confirm("begin lab %d again? Your files are kept beside it. [y/N] ", l.Number()) {
			return failedError{"nothing was changed; --yes skips the question"}
		}
		kept, err := b.Reset(l, time.Now())
		if err != nil {
			return err
		}
		if kept != "" {
			fmt.Fprintf(a.out, "your files are now in %s\n", kept)
		}
		fmt.Fprintf(a.out, "%s has the files to fill in again\n", b.Folder(l))
		return nil
	})
	command.Flags().BoolVar(&yes, "yes", false, "don't ask")
	return command
}

func (a *app) confirm(question string, args ...any) bool {
	fmt.Fprintf(a.out, question, args...)
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(answer)), "y")
}
