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

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

// Stack runs a lab's checks and runs its page where the servers are up.
type Stack struct {
	// Grade runs all checks of a lab on the files of a folder.
	Grade func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade
	// Run runs a lab's page. Without it no page is run.
	Run func(ctx context.Context, l lab.Lab, p *notebook.Page) (notebook.Report, error)
}

// student is the name that the rows come from.
const student = "author"

// Sound returns the labs whose lab.yaml can be read and names only what there is:
// those that can be tried.
func Sound(s lab.Set) (all []lab.Lab) {
	ids, _ := s.IDs() // Lint reports the error
	for _, id := range ids {
		found, err := s.Read(id)
		if err != nil {
			continue
		}
		l := linter{Set: s, report: &Report{}}
		if l.definition(path.Join(s.Dir, id, lab.File), found); len(l.report.Problems) == 0 {
			all = append(all, found)
		}
	}
	return all
}

// Try checks on a stack that a lab gives no points for files that aren't filled
// in, and all for its solution, and that its page shows what is true. It adds what
// is wrong to the report. The error says that this couldn't be found out.
func Try(ctx context.Context, l lab.Lab, s Stack, r *Report) error {
	defer r.sort()
	t := trial{lab: l, stack: s, report: r}
	if err := t.graded(ctx, l.Folder.Work, t.unsolved); err != nil {
		return err
	}
	if err := t.graded(ctx, l.Folder.Solution, t.solved); err != nil {
		return err
	}
	return t.page(ctx)
}

// trial is one lab's on a stack.
type trial struct {
	lab    lab.Lab
	stack  Stack
	report *Report
}

// graded runs the checks on files and judges what they came to. A file that
// isn't there is one that Lint reports.
func (t trial) graded(ctx context.Context, read func(name string) (string, []byte, error), judge func(int, report.Check)) error {
	dir, err := os.MkdirTemp("", "lab-author-")
	if err != nil {
		return fmt.Errorf("try lab %s: %w", t.lab.ID, err)
	}
	defer os.RemoveAll(dir)
	for _, name := range t.lab.Files {
		label, text, err := read(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), []byte(t.lab.Personal(string(text), student)), 0o644)
		}
		if err != nil {
			return fmt.Errorf("try lab %s with %s: %w", t.lab.ID, label, err)
		}
	}
	for i, made := range t.stack.Grade(ctx, student, t.lab, dir).Checks {
		if made.Outcome == hop.Error {
			return fmt.Errorf("try lab %s: check %s couldn't be run: %s", t.lab.ID, made.ID, made.Reason)
		}
		judge(i, made)
	}
	return ctx.Err()
}

func (t trial) unsolved(i int, made report.Check) {
	if made.Points > 0 || made.Outcome == hop.Passed {
		t.add(Unsolved, i, "check %s passes although the files aren't filled in: put it after a check that fails", made.ID)
	}
}

func (t trial) solved(i int, made report.Check) {
	if made.Outcome != hop.Passed || made.Points != made.Max {
		t.add(Solved, i, "the solution gets %d of the %s of check %s (%s): %s", made.Points, count(made.Max, "point"), made.ID, made.Outcome, made.Reason)
	}
}

// add adds a problem with a check.
func (t trial) add(rule Rule, check int, format string, args ...any) {
	file := path.Join(t.lab.Folder.Name, lab.File)
	text, _ := fs.ReadFile(t.lab.Folder.FS, lab.File) // it has just been read
	t.report.Add(rule, file, lab.Line(text, "checks", check), format, args...)
}

// page runs the English page; the others have the same cells. One that isn't
// there or isn't right is one that Lint reports.
func (t trial) page(ctx context.Context) error {
	file := path.Join(t.lab.Folder.Name, course.Page)
	p, err := course.ReadPage(t.lab.Folder, course.Page)
	if err != nil || t.stack.Run == nil {
		return nil
	}
	ran, err := t.stack.Run(ctx, t.lab, p)
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
