package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/hop"
)

const workHelp = `work N begins lab N, or continues it: it copies the files to fill in to work/NN-name,
once, and never overwrites a file; starts the servers that the lab needs, or uses
those that are up; and runs the lab's checks on your files. N is a number or a
name, such as 3 or flink.

On a terminal it then waits, and runs the checks again each time you save a file. A
board shows a line per check, why the first one failed, and its first hint; 'lab work N
--once | less' shows all that each check says.
The last attempt's rows stay meanwhile; 'lab watch N' shows them, and the checks, in your
browser. Ctrl-C ends that; the servers stay up, so that you can experiment, until 'lab down'.

'lab hint N' gives one hint at a time for the first check that fails, 'lab progress'
shows how far you are, and 'lab reset N' begins a lab again. Once the lab is solved,
'lab solution N' shows our solution, and 'lab work N+1' is next.

Your rows and names are computed from --student, so each student's differ.`

const workExample = `  lab work 3
  lab work flink --once
  lab work 8 --labs ~/course/labs
  lab hint 3 && lab progress`

// workOptions are the flags of what a student does.
type workOptions struct {
	work, student string
	once          bool
	labSet        labsOptions
	stack         stackOptions
}

func (o *workOptions) flags(c *cobra.Command) {
	c.Flags().StringVar(&o.work, "work", "work", "the folder of your files")
	c.Flags().StringVar(&o.student, "student", os.Getenv("USER"), "your name or number, from which your rows are computed")
	o.labSet.flags(c.Flags())
}

func (a *app) workCommand() *cobra.Command {
	var o workOptions
	command := &cobra.Command{
		Use: "work N", Short: "work on a lab", Long: workHelp, Example: workExample,
		Args: arguments(cobra.ExactArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error { return a.work(c.Context(), args[0], o) },
	}
	o.flags(command)
	o.stack.flags(command)
	runFlag(command, &o.stack.run)
	f := command.Flags()
	f.BoolVar(&o.once, "once", false, "run the checks once and end (default where there is no terminal)")
	return command
}

func (a *app) work(ctx context.Context, name string, o workOptions) error {
	l, err := findLab(name, o.labSet)
	if err != nil {
		return err
	}
	book := student.Book{Dir: o.work, Name: o.student}
	made, err := book.Start(l)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "Lab %d: %s\n", l.Number(), l.Title)
	for _, path := range made {
		fmt.Fprintf(a.out, "  fill in %s\n", path)
	}
	fmt.Fprintf(a.out, "  'lab watch %d --open', in another terminal, shows its page and your checks\n", l.Number())
	if mine := l.Choices(o.student); len(mine) > 0 {
		hang(a.out, "", yours(o.student, mine), a.width())
	}
	o.stack.keep = true
	s, err := a.openGrading(ctx, l.Components, &o.stack)
	if err != nil {
		return err
	}
	if !s.Shared() {
		if err := s.Keep(ctx); err != nil {
			return err
		}
	}
	a.printPages(s.State)
	w := work{app: a, book: book, lab: l, grader: s.grader(""), student: o.student, say: a.err.Say, last: &attempt{}}
	w.grader.Bare = true // it is the user's own script
	show := w.list
	if columns, lines := a.size(); columns >= boardColumns && lines >= boardLines && a.err.Terminal() {
		show = w.onBoard
	}
	w.last.stays = !o.once && a.err.Terminal()
	return errors.Join(show(ctx, !w.last.stays), w.last.end())
}

// yours says what a task has of a student's own.
func yours(student string, mine map[string]string) string {
	whose, known := "for "+student, "another name"
	if student == "" {
		whose, known = "without a name", "a name"
	}
	return fmt.Sprintf("%s the task has %s; if your teacher knows you by %s or number, give it with --student", whose, choices(mine), known)
}

// choices writes what a task has of a student's own.
func choices(mine map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(mine)) {
		list = append(list, name+" "+mine[name])
	}
	return strings.Join(list, ", ")
}

// work is a student's work on a lab.
type work struct {
	*app
	book    student.Book
	lab     lab.Lab
	grader  grade.Grader
	student string
	say     func(format string, args ...any) // what the checks came to, and what comes next
	last    *attempt
}

// list prints the checks one after another, once or after each change of the files.
func (w work) list(ctx context.Context, once bool) error {
	w.grader.Report = func(c report.Check) {
		if c.Outcome != hop.Skipped { // counted at the end, so what failed stays in sight
			w.printCheck(c)
		}
	}
	check := func(ctx context.Context) error {
		result, err := w.made(ctx)
		if err != nil {
			return err
		}
		for _, line := range result.Skipped() {
			fmt.Fprintf(w.out, "  %s\n", line)
		}
		fmt.Fprintln(w.out, w.points(result))
		if err := w.verdict(result); err != nil {
			return err
		}
		fmt.Fprintln(w.out, w.right())
		return nil
	}
	if once {
		return check(ctx)
	}
	return w.watch(ctx, check)
}

// made makes the checks, and notes what they came to.
func (w work) made(ctx context.Context) (report.Grade, error) {
	if err := w.last.end(); err != nil {
		return report.Grade{}, err
	}
	w.last.follow(w.book, w.lab.ID, &w.grader)
	result := w.grader.Grade(ctx, w.student, w.lab.Practice(), w.book.Folder(w.lab))
	w.last.note(false)
	if err := ctx.Err(); err != nil {
		return result, err
	}
	return result, w.book.Record(result, time.Now())
}

func (w work) points(result report.Grade) string {
	points, most := result.Points()
	text := fmt.Sprintf("%d of %d points", points, most)
	if hidden := w.lab.Points() - most; hidden > 0 {
		text += fmt.Sprintf("; grading makes more checks, for %d points", hidden)
	}
	return text
}

func (w work) verdict(result report.Grade) error {
	failed := false
	for _, c := range result.Checks {
		if c.Outcome == hop.Error {
			return unmadeError{"a check could not be made; what it said is above"}
		}
		failed = failed || c.Outcome != hop.Passed
	}
	if failed {
		return failedError{fmt.Sprintf("not all is right yet; 'lab hint %d' helps", w.lab.Number())}
	}
	return nil
}

// right is said once nothing has failed.
func (w work) right() string {
	text := fmt.Sprintf("all right; 'lab solution %d' shows ours", w.lab.Number())
	if w.student == "" && len(w.lab.Choices("")) > 0 { // the grade wants the values of the student's name
		text += "; to be graded, give --student ID"
	}
	return text
}

// column is where what belongs to a check begins.
const column = 13

// hang writes text that belongs to a check below it, wrapped at words where width, the
// terminal's, isn't 0. It also keeps what a student's program has printed from moving the
// cursor.
func hang(out io.Writer, label, text string, width int) {
	text = label + strings.TrimSpace(printable.Text(text))
	if width > 2*column {
		text = ansi.Wrap(text, width-column, "")
	}
	left := strings.Repeat(" ", column)
	fmt.Fprintf(out, "%s%s\n", left, strings.ReplaceAll(text, "\n", "\n"+left))
}

// painted is an outcome in its colour, as wide as any.
func (a *app) painted(o hop.Outcome) string {
	return a.paint(string(o)) + strings.Repeat(" ", max(0, 8-len(o)))
}

// printCheck shows one check, with what it expected if it hasn't passed.
func (a *app) printCheck(c report.Check) {
	width := a.width()
	fmt.Fprintf(a.out, "  %s %d/%d  %s\n", a.painted(c.Outcome), c.Points, c.Max, c.Title)
	if c.Outcome == hop.Passed {
		return
	}
	show := func(label, text string) {
		if text != "" {
			hang(a.out, label, text, width)
		}
	}
	show("", c.Reason)
	if c.Outcome == hop.Failed {
		show("expected: ", c.Expected)
		show("actual:   ", c.Actual)
		show("why this matters: ", c.Rationale)
		show("next: ", c.Hint)
	}
}
