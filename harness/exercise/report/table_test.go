package report

import (
	"bytes"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestLogHasNoCommands: what a student wrote is printed in a CI server's log,
// whose runner would mask, hide or fail things for it.
func TestLogHasNoCommands(t *testing.T) {
	const command = "::error::a\n::add-mask::b\n  ::stop-commands::c\r::d ##[error]e"
	s := Student{Name: command, Labs: []Grade{{ID: command, Checks: []Check{
		{ID: command, Title: command, Outcome: hop.Error, Reason: command, Hint: command},
	}}}}
	for _, r := range []Report{{Students: []Student{s}}, {Students: []Student{s, s}}} {
		var out bytes.Buffer
		r.Print(&out, word)
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
				t.Errorf("a runner obeys %q", line)
			}
		}
	}
}

func TestPrintPaintsOnlyOutcomes(t *testing.T) {
	var plain, painted bytes.Buffer
	reports()["one"].Print(&plain, word)
	reports()["one"].Print(&painted, func(s string) string { return "<" + s + ">" })
	if got := strings.NewReplacer("<", "", ">", "").Replace(painted.String()); got != plain.String() {
		t.Errorf("painted:\n%s", &painted)
	}
	if strings.Count(painted.String(), "<") != 4 {
		t.Errorf("painted:\n%s", &painted)
	}
}

// TestSkippedChecksAreCounted: what one fault has skipped is one line, below the fault.
func TestSkippedChecksAreCounted(t *testing.T) {
	s := Student{Name: "ane", Labs: []Grade{{ID: "03-flink", Checks: []Check{
		{ID: "files", Title: "It is filled in", Outcome: hop.Failed, Max: 1, Reason: "there is a TODO"},
		{ID: "runs", Outcome: hop.Skipped, Cause: "It is filled in", Reason: "r"}, {ID: "rows", Outcome: hop.Skipped, Cause: "It is filled in", Reason: "r"},
		{ID: "other", Outcome: hop.Skipped, Cause: "Another", Reason: "r"},
	}}}}
	var out strings.Builder
	(Report{Students: []Student{s}}).Print(&out, word)
	want := `
ane 03-flink files (failed): there is a TODO

ane 03-flink: 2 skipped because "It is filled in" has not passed

ane 03-flink: 1 skipped because "Another" has not passed
`
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("printed\n%s\nwant at its end\n%s", out.String(), want)
	}
}
