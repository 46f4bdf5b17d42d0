package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

func TestClass(t *testing.T) {
	for short, size := range map[bool]int{true: classShort, false: classSize} {
		seen := map[string]bool{}
		f, err := Class(t.Context(), fakeGrade(t, 0, seen), []lab.Lab{firstLab(t)}, t.TempDir(), Options{Short: short})
		if err != nil || len(seen) != size || f.Goal.Value != classLimit || !f.Met || f.Ours.Median <= 0 {
			t.Errorf("%v, %d students, figure %+v", err, len(seen), f)
		}
	}
	if _, err := Class(t.Context(), fakeGrade(t, 1, map[string]bool{}), []lab.Lab{firstLab(t)}, t.TempDir(), Options{}); err == nil {
		t.Error("a class that lost points has a time")
	}
}

// TestSaveToVerdict: each time is of a student of its own, with the checks that students
// have, and a solution that isn't right has none.
func TestSaveToVerdict(t *testing.T) {
	l := firstLab(t)
	outcome, seen := hop.Passed, map[string]bool{}
	practice := func(_ context.Context, student string, l lab.Lab, dir string) report.Grade {
		if _, err := os.Stat(filepath.Join(dir, l.Files[0])); err != nil || seen[student] {
			t.Errorf("%s: %v, or seen before", student, err)
		}
		seen[student] = true
		return report.Grade{ID: l.ID, Checks: []report.Check{{ID: "rows", Outcome: outcome, Reason: "gone"}}}
	}
	figures, err := SaveToVerdict(t.Context(), practice, l, t.TempDir(), Options{Runs: 2, Short: true})
	if err != nil || len(seen) != 6 || len(figures) != 2 || len(figures[1].Ours.Runs) != 2 || figures[1].Goal.Value != quick || figures[0].Goal != nil {
		t.Errorf("%v, %d times, %+v", err, len(seen), figures)
	}
	outcome, seen = hop.Failed, map[string]bool{}
	if _, err := SaveToVerdict(t.Context(), practice, l, t.TempDir(), Options{Runs: 1}); err == nil || !strings.Contains(err.Error(), "lab 1: rows failed, gone") {
		t.Errorf("error = %v", err)
	}
}
