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

func (a *app) resetCommand() *cobra.Command {
	var yes bool
	command := lessonTool("reset N", "begin a lab afresh, and keep a copy of your files", func(b student.Book, l lab.Lab) error {
		if _, err := os.Stat(b.Folder(l)); err == nil && !yes && !a.confirm("begin lab %d afresh? Your files are kept beside it. [y/N] ", l.Number()) {
			return failedError{"nothing was changed; --yes answers for you"}
		}
		kept, err := b.Reset(l, time.Now())
		if err != nil {
			return err
		}
		if kept != "" {
			fmt.Fprintf(a.out, "your files are in %s now\n", kept)
		}
		fmt.Fprintf(a.out, "%s is as at the beginning\n", b.Folder(l))
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
