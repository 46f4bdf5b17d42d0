package author

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/exercise/report"
)

// Stack makes a lab's checks and runs its page where the servers are up.
type Stack struct {
	// Grade makes all checks of a lab on the files of a folder.
	Grade func(ctx context.Context, student string, l lab.Lesson, dir string) report.Lab
	// Run runs a lab's page. Without it no page is run.
	Run func(ctx context.Context, l lab.Lesson, p *notebook.Page) (notebook.Report, error)
}

// student is whom the rows are of.
const student = "author"

// Lessons returns the labs whose lab.yaml can be read and names only what there
// is: those that can be tried.
func (c Course) Lessons() (all []lab.Lesson) {
	entries, _ := fs.ReadDir(c.Root, c.Labs) // Lint tells
	for _, e := range entries {
		if !e.IsDir() || !lab.IsID(e.Name()) {
			continue
		}
		found, err := c.Lesson(e.Name())
		if err != nil {
			continue
		}
		l := linter{Course: c, report: &Report{}}
		if l.definition(path.Join(c.Labs, found.ID, lab.File), found); len(l.report.Problems) == 0 {
			all = append(all, found)
		}
	}
	return all
}

// Try checks on a stack that a lab gives no points for files that aren't filled
// in, and all for its solution, and that its page shows what is true. It adds what
// is wrong to the report. The error says that this couldn't be found out.
func (c Course) Try(ctx context.Context, l lab.Lesson, s Stack, r *Report) error {
	defer r.sort()
	t := trial{Course: c, stack: s, report: r, lesson: l}
	work := func(lab, name string) (string, []byte, error) {
		label := path.Join(c.Labs, lab, "work", name)
		text, err := fs.ReadFile(c.Root, label)
		return label, text, err
	}
	if err := t.graded(ctx, work, t.unsolved); err != nil {
		return err
	}
	if err := t.graded(ctx, c.Solution, t.solved); err != nil {
		return err
	}
	return t.page(ctx)
}

// trial is one lab's on a stack.
type trial struct {
	Course
	stack  Stack
	report *Report
	lesson lab.Lesson
}

// graded makes the checks on files and judges what they came to. A file that
// isn't there is one that Lint tells of.
func (t trial) graded(ctx context.Context, read func(lab, name string) (string, []byte, error), judge func(int, report.Check)) error {
	dir, err := os.MkdirTemp("", "lab-author-")
	if err != nil {
		return fmt.Errorf("try lab %s: %w", t.lesson.ID, err)
	}
	defer os.RemoveAll(dir)
	for _, name := range t.lesson.Files {
		label, text, err := read(t.lesson.ID, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), text, 0o644)
		}
		if err != nil {
			return fmt.Errorf("try lab %s with %s: %w", t.lesson.ID, label, err)
		}
	}
	for i, made := range t.stack.Grade(ctx, student, t.lesson, dir).Checks {
		if made.Outcome == hop.Error {
			return fmt.Errorf("try lab %s: check %s couldn't be made: %s", t.lesson.ID, made.ID, made.Reason)
		}
		judge(i, made)
	}
	return ctx.Err()
}

func (t trial) unsolved(i int, made report.Check) {
	if made.Points > 0 || made.Outcome == hop.Passed {
		t.add(Unsolved, i, "check %s passes although the files aren't filled in: have it come after one that doesn't", made.ID)
	}
}

func (t trial) solved(i int, made report.Check) {
	if made.Outcome != hop.Passed || made.Points != made.Max {
		t.add(Solved, i, "the solution gets %d of the %s of check %s, which is %s: %s", made.Points, count(made.Max, "point"), made.ID, made.Outcome, made.Reason)
	}
}

// add adds a problem with a check.
func (t trial) add(rule Rule, check int, format string, args ...any) {
	file := path.Join(t.Labs, t.lesson.ID, lab.File)
	text, _ := fs.ReadFile(t.Root, file) // it has just been read
	t.report.Add(rule, file, lab.Line(text, "checks", check), format, args...)
}

func (c Course) pageFile(lab string) string { return path.Join(c.Labs, lab, "README.md") }

// Page reads a lab's English page.
func (c Course) Page(lab string) (*notebook.Page, error) {
	file := c.pageFile(lab)
	source, err := fs.ReadFile(c.Root, file)
	if err != nil {
		return nil, err
	}
	return notebook.Parse(file, source)
}

// page runs the English page; the others have the same cells. One that isn't
// there or isn't right is one that Lint tells of.
func (t trial) page(ctx context.Context) error {
	file := t.pageFile(t.lesson.ID)
	p, err := t.Page(t.lesson.ID)
	if err != nil || t.stack.Run == nil {
		return nil
	}
	ran, err := t.stack.Run(ctx, t.lesson, p)
	if err != nil {
		return fmt.Errorf("run %s: %w", file, err)
	}
	for _, result := range ran.Results {
		switch result.Outcome {
		case hop.Failed:
			line := result.Cell.Line
			if result.Difference != nil {
				line = result.Difference.Line
			}
			t.report.Add(Shown, file, line, "%s", strings.TrimPrefix(result.Detail, fmt.Sprintf("%s:%d: ", file, line)))
		case hop.Error:
			return fmt.Errorf("run %s: %s", file, result.Detail)
		}
	}
	return nil
}
