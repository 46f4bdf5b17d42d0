package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
)

const progressHelp = `progress lists the labs, with the most points that your files have got in each, whether
it is begun or solved, and where its files are. 'lab grade' makes further checks, so
its points can be others. 'lab work N' begins or continues a lab.`

func (a *app) progressCommand() *cobra.Command {
	var o workOptions
	command := &cobra.Command{
		Use: "progress", Short: "show how far you are with the labs", Long: progressHelp, Example: "  lab progress",
		Args: arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error { return a.progress(student.Book{Dir: o.work}, o.labSet) },
	}
	o.flags(command)
	return command
}

func (a *app) progress(b student.Book, o labsOptions) error {
	set, err := o.set()
	if err != nil {
		return err
	}
	all, err := set.All()
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
		open := l.Practice()
		fmt.Fprintf(table, "%d\t%s\t%d/%d\t%s\t%s\n", l.Number(), l.Title, progress[l.ID].Best, open.Points(), stateOf(progress[l.ID], b, l), b.Folder(l))
	}
	return table.Flush()
}

func stateOf(done student.Standing, b student.Book, l lab.Lab) string {
	files, _ := fs.Glob(os.DirFS(b.Dir), filepath.ToSlash(filepath.Join(l.ID, "*")))
	switch {
	case !done.Solved.IsZero():
		return "solved"
	case len(files) > 0:
		return "begun"
	}
	return "-"
}
