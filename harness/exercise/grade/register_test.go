package grade

import (
	"context"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

// TestPanicIsOneChecksError: what a broken check does to the grading of a class is
// that it alone has no result.
func TestPanicIsOneChecksError(t *testing.T) {
	kinds["panics"] = func(_ context.Context, a *attempt, _ lab.Check) verdict {
		a.rows.half++ // a.rows is nil, as for a lab that never started the feed
		return passed()
	}
	kinds["passes"] = func(context.Context, *attempt, lab.Check) verdict { return passed() }
	t.Cleanup(func() { delete(kinds, "panics"); delete(kinds, "passes") })
	l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{
		{ID: "one", Run: "passes", Points: 1}, {ID: "two", Run: "panics", Points: 1},
		{ID: "three", Run: "passes", Points: 1, After: []string{"two"}}, {ID: "four", Run: "passes", Points: 1},
	}}
	var heard []report.Check
	g := Grader{Sites: nowhere{}, Report: func(c report.Check) { heard = append(heard, c) }}
	made := g.Grade(t.Context(), "ada", l, t.TempDir()).Checks
	for i, want := range []hop.Outcome{hop.Passed, hop.Error, hop.Skipped, hop.Passed} {
		if made[i].Outcome != want || heard[i].Outcome != want {
			t.Errorf("%s is %s, want %s: %s", made[i].ID, made[i].Outcome, want, made[i].Reason)
		}
	}
	for _, want := range []string{"the check itself is broken: ", "nil pointer", "register_test.go:"} {
		if !strings.Contains(made[1].Reason, want) || strings.Contains(made[1].Reason, "/kinds_test.go") {
			t.Errorf("the reason is %q, want %s and no folder", made[1].Reason, want)
		}
	}
}

// TestSkippedBecauseOfTheFirst: what is skipped names the check that failed, and not
// one that was skipped itself.
func TestSkippedBecauseOfTheFirst(t *testing.T) {
	kinds["fails"] = func(context.Context, *attempt, lab.Check) verdict { return verdict{outcome: hop.Failed, reason: "no"} }
	t.Cleanup(func() { delete(kinds, "fails") })
	l := lab.Lab{ID: "09-test", Rows: 10, Checks: []lab.Check{
		{ID: "one", Title: "First", Run: "fails"}, {ID: "two", Title: "Second", Run: "fails", After: []string{"one"}}, {ID: "three", Run: "fails", After: []string{"two"}},
	}}
	made := Grader{Sites: nowhere{}}.Grade(t.Context(), "ada", l, t.TempDir())
	for _, c := range made.Checks[1:] {
		if c.Outcome != hop.Skipped || c.Cause != "First" || c.Reason != `skipped because "First" has not passed` {
			t.Errorf("%+v", c)
		}
	}
	if got := made.Skipped(); len(got) != 1 || got[0] != `2 skipped because "First" has not passed` {
		t.Errorf("%q", got)
	}
}

// TestKindsDocument: the authors' reference has a line for each kind, and what a
// kind needs is a kind too.
func TestKindsDocument(t *testing.T) {
	for _, k := range lab.Kinds() {
		if kinds[k.Name] == nil || k.Doc == "" || strings.Contains(k.Doc, "\n") || strings.HasSuffix(k.Doc, ".") {
			t.Errorf("kind %s: %q isn't one line without a full stop, or nothing makes it", k.Name, k.Doc)
		}
		for _, n := range k.Needs {
			if kinds[n] == nil {
				t.Errorf("kind %s needs %q, which doesn't exist", k.Name, n)
			}
		}
	}
}
