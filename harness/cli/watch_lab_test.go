package cli

import (
	"testing"
	"time"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
)

// TestWorkOf: the workbench shows an attempt while it is made, and what it came to.
func TestWorkOf(t *testing.T) {
	b := student.Book{Dir: t.TempDir()}
	l := lab.Lab{ID: "03-flink", Checks: []lab.Check{
		{ID: "files", Title: "filled in", Points: 1}, {ID: "types", Title: "types fit", Points: 2, Hints: []string{"which type?"}},
		{ID: "rows", Title: "rows fit", Points: 3}, {ID: "secret", Hidden: true, Points: 4},
	}}
	if w, err := workOf(b, l); err != nil || w.Most != 6 || len(w.Checks) != 0 || w.Next != "'lab work 3' in a terminal makes the checks" {
		t.Errorf("before: %+v, %v", w, err)
	}
	removed := 0
	g := grade.Grader{}
	a := &attempt{stays: true}
	a.follow(b, l.ID, &g)
	g.Begun(pipeline.NewNames("a1"))
	made := []report.Check{{ID: "files", Title: "filled in", Outcome: hop.Passed, Points: 1, Max: 1}}
	g.Report(made[0])
	if w, err := workOf(b, l); err != nil || w.Now != "types fit" || w.Points != 1 || w.Hint != "" {
		t.Errorf("while: %+v, %v", w, err)
	}
	made = append(made, report.Check{ID: "types", Title: "types fit", Outcome: hop.Failed, Max: 2, Reason: "x is cut"},
		report.Check{ID: "rows", Title: "rows fit", Outcome: hop.Skipped, Max: 3})
	g.Report(made[1])
	g.Report(made[2])
	g.Stays(func() error { removed++; return nil })
	a.note(false)
	if err := b.Record(report.Grade{ID: l.ID, Checks: made}, time.Now()); err != nil {
		t.Fatal(err)
	}
	w, err := workOf(b, l)
	if err != nil || w.Now != "" || w.Skipped != 1 || w.Hint != "which type?" || w.Checks[1].Reason != "x is cut" {
		t.Errorf("after: %+v, %v", w, err)
	}
	if done, err := b.Progress(); err != nil || done[l.ID].Attempt.Names != pipeline.NewNames("a1") {
		t.Errorf("saved %+v, %v", done[l.ID], err)
	}
	if removed != 0 || a.end() != nil || a.end() != nil || removed != 1 {
		t.Errorf("removed %d times", removed)
	}
}
