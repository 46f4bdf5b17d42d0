package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/verify/hop"
)

// ownChecks are those of a lab that ask for the student's own values.
func ownChecks(l lab.Lab) (checks []lab.Check) {
	for _, c := range l.Checks {
		if c.Run == "own-value" {
			checks = append(checks, c)
		}
	}
	return checks
}

// TestOwnValues: of 200 students, each one's solution has the student's own values, and
// another's fails, with the line and both values, unless both were given the same.
func TestOwnValues(t *testing.T) {
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	tried, copied := 0, 0
	for _, l := range all {
		for _, c := range ownChecks(l) {
			tried++
			for i := range 200 {
				author, other := fmt.Sprintf("student%d", i), fmt.Sprintf("student%d", i+1)
				a := attempt{lab: l, name: author, dir: t.TempDir()}
				label, text, err := l.Solution(a.fileOf(c), author)
				if err == nil {
					err = os.WriteFile(filepath.Join(a.dir, a.fileOf(c)), text, 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
				if v := checkOwnValue(t.Context(), &a, c); v.outcome != hop.Passed {
					t.Fatalf("%s of %s: %s", label, author, v.reason)
				}
				a.name = other
				v, choice := checkOwnValue(t.Context(), &a, c), c.With["choice"]
				mine, theirs := l.Choices(other)[choice], l.Choices(author)[choice]
				if want := fmt.Sprintf("%s is %s here, and %s for %s: this is the value of another", choice, theirs, mine, other); mine == theirs != (v.outcome == hop.Passed) ||
					mine != theirs && (!strings.Contains(v.reason, want) || !strings.Contains(v.hint, "--student")) {
					t.Fatalf("%s of %s, handed in by %s: %s %s, want %s", label, author, other, v.outcome, v.reason, want)
				}
				if mine != theirs {
					copied++
				}
			}
		}
	}
	if tried < 5 || copied < tried*180 {
		t.Errorf("%d labs have a value of the student's own, and %d of %d copies fail", tried, copied, tried*200)
	}
}

// TestOwnValueOf has the ways in which a file can have a value, or none.
func TestOwnValueOf(t *testing.T) {
	l := lab.Lab{ID: "03-flink", Files: []string{"tables.sql"}, Choose: map[string][]string{"late": {"6", "7"}}}
	mine := l.Choices("ada")["late"]
	other := map[string]string{"6": "7", "7": "6"}[mine]
	for text, want := range map[string]struct{ lenient, strict string }{
		"SELECT interval '" + mine + "' second":  {"", ""},
		"SELECT INTERVAL '" + other + "' SECOND": {":1: late is " + other, ":1: late is " + other},
		"SELECT 1;\nSELECT INTERVAL '5' SECOND":  {"", ":2: late is 5"},
		"SELECT 1":                               {"", "has no value of late"},
		"SELECT INTERVAL '" + other + "' SECOND, INTERVAL '" + mine + "' \n SECOND": {"", ""},
	} {
		for strict, want := range map[string]string{"no": want.lenient, "yes": want.strict} {
			a := of(t, hop.Flink, "tables.sql", text)
			a.lab, a.name = l, "ada"
			c := lab.Check{With: map[string]string{"choice": "late", "pattern": `INTERVAL\s*'([0-9]+)'\s*SECOND`, "strict": strict}}
			v := checkOwnValue(t.Context(), a, c)
			if want == "" != (v.outcome == hop.Passed) || !strings.Contains(v.reason, want) {
				t.Errorf("%q, strict %s: %s %s, want %q", text, strict, v.outcome, v.reason, want)
			}
		}
	}
}

// TestOwnInterval has the ways in which lab 7's file can have its interval: the cluster has
// one too, so that a file without any works there, and does not do what the task says.
func TestOwnInterval(t *testing.T) {
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Find(all, "recover")
	if err != nil {
		t.Fatal(err)
	}
	c := ownChecks(l)[0]
	mine := strings.TrimSuffix(l.Choices("ada")["every"], "ms")
	for text, want := range map[string]string{
		"SET 'execution.checkpointing.interval' = '" + mine + "ms';":         "",
		"SET 'execution.checkpointing.interval' = '" + mine + "';":           "",
		"set execution.checkpointing.interval=" + mine + "ms;":               "",
		"SET 'execution.checkpointing.interval'='" + mine + " milliseconds'": "",
		"SET 'execution.checkpointing.interval' = '${every}';":               "",
		"SELECT 1;\nSET 'execution.checkpointing.interval' = '1 min';":       ":2: every is 1min here, and " + mine + "ms for ada",
		"SET 'execution.checkpointing.interval' = '" + mine + "s';":          ":1: every is " + mine + "s here",
		"SELECT 1;": "has no value of every, which is " + mine + "ms for ada",
	} {
		a := of(t, hop.Flink, "recover.sql", text)
		a.lab, a.name = l, "ada"
		v := checkOwnValue(t.Context(), a, c)
		if want == "" != (v.outcome == hop.Passed) || !strings.Contains(v.reason, want) || strings.Contains(v.reason, "another student") {
			t.Errorf("%q: %s %s, want %q", text, v.outcome, v.reason, want)
		}
	}
}
