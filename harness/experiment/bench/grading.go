package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
)

// GradeFolder grades a folder that has one folder per student, some students at a
// time, as `lab grade` does.
type GradeFolder func(ctx context.Context, dir string, labs []lab.Lab, jobs int) (report.Report, error)

// sideBySide is how many students are graded at a time.
const sideBySide = 4

// Grading measures how many submissions of a lab are graded a minute: copies of
// our solution, four students at a time, against one after another. Each has
// rows and names of its own, and must be given all points.
func Grading(ctx context.Context, gradeFolder GradeFolder, l lab.Lab, copies int, dir string, o Options) (Figure, error) {
	// The first submission of a stack takes longer than others: it doesn't count.
	if _, err := graded(ctx, gradeFolder, []lab.Lab{l}, 1, 1, filepath.Join(dir, "grading-first")); err != nil {
		return Figure{}, err
	}
	var pairs []pair
	for i := range o.Runs {
		var rates [2]float64
		for j := range 2 {
			side := (i + j) % 2 // each begins equally often
			jobs := [2]int{sideBySide, 1}[side]
			o.say("grading: lab %d, run %d of %d, %d submissions, %d at a time", l.Number(), i+1, o.Runs, copies, jobs)
			rate, err := graded(ctx, gradeFolder, []lab.Lab{l}, copies, jobs, filepath.Join(dir, fmt.Sprintf("grading-%s-%d-%d", l.ID, i, jobs)))
			if err != nil {
				return Figure{}, err
			}
			rates[side] = rate
		}
		pairs = append(pairs, pair{rates[0], rates[1]})
	}
	f := informative(compare(fmt.Sprintf("grading of lab %d, %d at a time / one at a time", l.Number(), sideBySide), "submissions/min", pairs, 0, false))
	f.Detail = fmt.Sprintf("%d copies of our solution of lab %d, each with rows of its own, each given all points", copies, l.Number())
	return f, nil
}

// graded returns the submissions a minute.
func graded(ctx context.Context, gradeFolder GradeFolder, labs []lab.Lab, copies, jobs int, dir string) (float64, error) {
	for i := range copies {
		if err := copySolutions(labs, dir, fmt.Sprintf("bench-%d-%d", time.Now().UnixNano(), i)); err != nil {
			return 0, err
		}
	}
	defer os.RemoveAll(dir)
	began := time.Now()
	report, err := gradeFolder(ctx, dir, labs, jobs)
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	if err := allPoints(report, copies); err != nil {
		return 0, fmt.Errorf("grading: %w", err)
	}
	return float64(copies) / took.Minutes(), nil
}

// copySolutions hands in our solutions of some labs for a student, whose name is that of
// a folder and no other run's.
func copySolutions(labs []lab.Lab, dir, student string) error {
	for _, l := range labs {
		folder := filepath.Join(dir, student, l.ID)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		for _, name := range l.Files {
			_, text, err := l.Solution(name, student)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func allPoints(report report.Report, copies int) error {
	if len(report.Students) != copies {
		return fmt.Errorf("%d of %d submissions were graded", len(report.Students), copies)
	}
	for _, s := range report.Students {
		points, most := s.Points()
		if !s.Sound() || points != most || most == 0 {
			return fmt.Errorf("our solution was given %d of %d points: %s", points, most, complaint(s))
		}
	}
	return nil
}

// complaint is the first check that didn't pass.
func complaint(s report.Student) string {
	for _, l := range s.Labs {
		for _, c := range l.Checks {
			if c.Points < c.Max {
				return fmt.Sprintf("%s: %s %s, %s", l.ID, c.ID, c.Outcome, c.Reason)
			}
		}
	}
	return "no check says why"
}
