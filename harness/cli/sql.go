package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/exercise/student"
)

const sqlHelp = `sql N is a prompt for Flink SQL on your tables of lab N: it brings the pipeline to where
the lab's page begins, with the page's rows, and creates what your .sql files create. An
INSERT of yours isn't run. ${topic}, ${kafka} and the page's other parameters are known,
so each sql cell of the page can be pasted.

A statement ends with a semicolon and may have several lines. Tab completes the names of
tables and columns, and the arrow keys and Ctrl-R find earlier lines. Ctrl-C cancels a
query, or the line that is being written; 'exit' or Ctrl-D ends the prompt, which removes
what was made. Tables of Kafka end where their topic ends now, so a query ends. Queries
run in batch mode, until SET 'execution.runtime-mode' = 'streaming'.

The servers that are missing are started, and stay up until 'lab down'.`

const sqlExample = `  lab sql 3
  lab sql 3 --execute 'SHOW TABLES'
  lab sql 3 < queries.sql`

type sqlOptions struct {
	page    pageOptions
	work    string
	student string
	execute string
}

func (a *app) sqlCommand() *cobra.Command {
	var o sqlOptions
	command := &cobra.Command{
		Use: "sql N", Short: "query your tables at a prompt", Long: sqlHelp, Example: sqlExample,
		Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error { return a.sql(c.Context(), c.InOrStdin(), args[0], &o) },
	}
	o.page.flags(command)
	f := command.Flags()
	f.StringVar(&o.work, "work", "work", "the folder of your files")
	f.StringVar(&o.student, "student", os.Getenv("USER"), "your name or number, as with 'lab work'")
	f.StringVarP(&o.execute, "execute", "e", "", "run these statements, and end")
	return command
}

func (a *app) sql(ctx context.Context, in io.Reader, name string, o *sqlOptions) error {
	l, page, err := o.page.read(name)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(page.Cells, func(c notebook.Cell) bool { return c.Kind == notebook.SQL && !c.NoRun }) {
		return usageError{fmt.Errorf("lab %d's page has no SQL; 'lab sql 3' has", l.Number())}
	}
	return a.withPage(ctx, l, page, &o.page, func(ctx context.Context, runner course.Runner) error {
		runner.Ends = true
		return runner.At(ctx, l, page, func(ctx context.Context, s course.Stage) error {
			if _, err := s.SQL(ctx, "SET 'execution.runtime-mode' = 'batch'"); err != nil {
				return err
			}
			a.createTables(ctx, s, l, student.Book{Dir: o.work, Name: o.student})
			p := prompt{app: a, stage: s}
			switch file, isFile := in.(*os.File); {
			case o.execute != "":
				return p.all(ctx, o.execute)
			case !isFile || !isTerminal(file):
				text, err := io.ReadAll(in)
				if err != nil {
					return err
				}
				return p.all(ctx, string(text))
			}
			return p.interact(ctx)
		})
	})
}

// createTables creates what the student's files create. What is wrong with one of them is
// shown, and is no reason not to have a prompt.
func (a *app) createTables(ctx context.Context, s course.Stage, l lab.Lab, b student.Book) {
	for _, name := range l.Files {
		if filepath.Ext(name) != ".sql" {
			continue
		}
		path := filepath.Join(b.Folder(l), name)
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			a.err.Say("%s isn't there: 'lab work %d' makes it", path, l.Number())
			continue
		}
		if err == nil {
			err = s.Create(ctx, path, l.Personal(string(text), b.Name))
		}
		if err != nil {
			a.err.Say("%s", describe(err))
		}
	}
}

// prompt runs the statements of a person, or of a script.
type prompt struct {
	*app
	stage course.Stage
}

// all runs the statements of a text, and stops at the first that fails.
func (p prompt) all(ctx context.Context, text string) error {
	printed, err := p.stage.SQL(ctx, text)
	var failure *notebook.Failure
	if errors.As(err, &failure) {
		io.WriteString(p.out, strings.TrimSuffix(failure.Text, "\n")+"\n")
		return failedError{describe(failure.Err)}
	}
	io.WriteString(p.out, printed)
	return err
}
