package cli

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/labs"
)

// lessonTool makes a command that works on one lab's files.
func lessonTool(use, short string, do func(student.Book, lab.Lesson) error) *cobra.Command {
	var o lessonOptions
	command := &cobra.Command{
		Use: use, Short: short, Args: arguments(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			l, err := findLesson(args[0])
			if err != nil {
				return err
			}
			return do(student.Book{Dir: o.work, Labs: labs.Files}, l)
		},
	}
	o.flags(command)
	return command
}

func (a *app) hintCommand() *cobra.Command {
	return lessonTool("hint N", "give the next hint for the check that fails first", func(b student.Book, l lab.Lesson) error {
		check, hint, left, err := b.Hint(l)
		switch {
		case err != nil:
			return err
		case hint == "":
			a.err.Say("no check of lab %d has failed yet; 'lab lab %d' makes them", l.Number(), l.Number())
		default:
			fmt.Fprintf(a.out, "%s: %s\n", check.Title, hint)
			a.err.Say("%d more for this check", left)
		}
		return nil
	})
}

func (a *app) solutionCommand() *cobra.Command {
	var force bool
	command := lessonTool("solution N", "show our solution of a lab that you have solved", func(b student.Book, l lab.Lesson) error {
		progress, err := b.Progress()
		if err != nil {
			return err
		}
		if progress[l.ID].Solved.IsZero() && !force {
			return failedError{fmt.Sprintf("lab %d isn't solved yet: 'lab hint %d' helps, and --force shows the solution all the same", l.Number(), l.Number())}
		}
		for _, name := range l.Files {
			label, text, err := pipeline.Solutions(l.ID, name)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.out, "== %s (%s)\n%s\n", name, label, strings.TrimRight(string(text), "\n"))
		}
		return nil
	})
	command.Flags().BoolVar(&force, "force", false, "show it although the lab isn't solved")
	return command
}

func (a *app) resetCommand() *cobra.Command {
	var yes bool
	command := lessonTool("reset N", "begin a lab afresh, and keep a copy of your files", func(b student.Book, l lab.Lesson) error {
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

func (a *app) progressCommand() *cobra.Command {
	var o lessonOptions
	command := &cobra.Command{
		Use: "progress", Short: "say how far you are with the labs", Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return a.progress(student.Book{Dir: o.work, Labs: labs.Files}) },
	}
	o.flags(command)
	return command
}

func (a *app) progress(b student.Book) error {
	all, err := lab.All(labs.Files)
	if err != nil {
		return err
	}
	progress, err := b.Progress()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "lab\ttitle\tpoints\tstate\tfiles")
	for _, l := range all {
		open := practice(l)
		fmt.Fprintf(table, "%d\t%s\t%d/%d\t%s\t%s\n", l.Number(), l.Title, progress[l.ID].Best, open.Points(), stateOf(progress[l.ID], b, l), b.Folder(l))
	}
	return table.Flush()
}

func stateOf(done student.Lab, b student.Book, l lab.Lesson) string {
	files, _ := fs.Glob(os.DirFS(b.Dir), filepath.ToSlash(filepath.Join(l.ID, "*")))
	switch {
	case !done.Solved.IsZero():
		return "solved " + done.Solved.Format(time.DateOnly)
	case len(files) > 0:
		return "begun"
	}
	return "-"
}
