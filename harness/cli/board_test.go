package cli

import (
	"bytes"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/compose"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

// TestCheckFitsTheTerminal: no line is longer than the terminal is wide, and no word that
// fits is cut.
func TestCheckFitsTheTerminal(t *testing.T) {
	const reason = "the table reads another database: `databa`.`named_of_somebody_else` isn't the student's own, so the rows of the check aren't in it"
	check := report.Check{
		Title: "the table has each row once", Outcome: hop.Failed, Max: 3, Reason: reason,
		Expected: "9600 rows of 2 subjects,\nin the order of event time", Actual: strings.Repeat("x", 120),
		Hint: "Write the name of the table as the page gives it, without the name of a database in front of it.",
	}
	for _, width := range []int{0, 40, 80} {
		var out bytes.Buffer
		a := &app{out: &out, paint: func(word string) string { return "\x1b[31m" + word + "\x1b[0m" }, width: func() int { return width }}
		a.printCheck(check)
		text := out.String()
		if !strings.HasPrefix(text, "  \x1b[31mfailed\x1b[0m   0/3  the table has each row once\n") {
			t.Errorf("width %d: begins %q", width, text)
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")[1:]
		for _, line := range lines {
			if !strings.HasPrefix(line, strings.Repeat(" ", column)) || width > 0 && len(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
		words := strings.Fields(strings.Join(lines, " "))
		for _, word := range strings.Fields(reason + " " + check.Hint) {
			if found := strings.Contains(" "+strings.Join(words, " ")+" ", " "+word+" "); !found && (width == 0 || len(word) <= width-column) {
				t.Errorf("width %d: %q is cut:\n%s", width, word, text)
			}
		}
	}
}

// TestFindingsAreWrapped: on a terminal at words, in a pipe not at all.
func TestFindingsAreWrapped(t *testing.T) {
	found := []*compose.Finding{{File: "compose.yaml", Line: 6, Reason: "localhost:1883 is this container itself"}}
	for width, want := range map[int]string{0: found[0].Error() + "\n", 40: "compose.yaml:6: localhost:1883 is this\ncontainer itself\n"} {
		var out bytes.Buffer
		a := &app{out: &out, width: func() int { return width }}
		if err := a.findings(found); err == nil || out.String() != want {
			t.Errorf("width %d: %v\n%s", width, err, &out)
		}
	}
}
