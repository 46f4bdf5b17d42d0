package cli

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/golden"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/verify/hop"
)

// plainly is an outcome without a colour, as wide as any.
func plainly(o hop.Outcome) string { return fmt.Sprintf("%-8s", o) }

// boardOf is a board of a lab with that many checks of 2 points each.
func boardOf(checks int) *board {
	b := &board{lab: lab.Lab{ID: "03-flink", Title: "the topic as a table"}, marked: plainly}
	for i := range checks {
		b.lab.Checks = append(b.lab.Checks, lab.Check{ID: fmt.Sprint(i), Title: fmt.Sprintf("thing %d is as the page asks for", i+1), Points: 2})
	}
	return b
}

// ends says how the next checks ended.
func (b *board) ends(outcomes ...hop.Outcome) *board {
	for _, o := range outcomes {
		c := b.lab.Checks[len(b.made.Checks)]
		made := report.Check{ID: c.ID, Title: c.Title, Max: c.Points, Outcome: o}
		switch o {
		case hop.Passed:
			made.Points = 2
		case hop.Skipped:
			made.Cause = b.lab.Checks[2].Title
		case hop.Failed:
			made.Reason = "x is cut to a whole number in 2,989 of 3,000 rows, so its smallest, largest and mean value aren't those of what was sent"
			made.Expected, made.Actual = "x from -9.93 to 12.19", "x from -9 to 12"
		case hop.Error:
			made.Reason = "flink-taskmanager died: exit status 137\nits log is in runs/lab/flink-taskmanager.log"
		}
		b.made.Checks = append(b.made.Checks, made)
	}
	return b
}

// TestBoard: every state of a board fits 80 columns and 23 lines, the last being the cursor's.
func TestBoard(t *testing.T) {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	const p, f, s, e = hop.Passed, hop.Failed, hop.Skipped, hop.Error
	running := boardOf(7).ends(p, p)
	running.began = noon.Add(-12 * time.Second)
	failed := boardOf(7).ends(p, p, f, s, s, p, f)
	failed.hint, failed.foot = "Which type holds a fraction?", []string{"not all is right yet; 'lab hint 3' helps", "waiting for a change in work/03-flink (Ctrl-C ends this)"}
	many := boardOf(24).ends(p, p, f, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p, p)
	many.hint, many.more = failed.hint, 4
	long := boardOf(7).ends(p, p, f, s, s, s, s)
	long.made.Checks[2].Actual, long.hint = strings.Repeat("1600 A 379058250551529 -1.89\n", 40), failed.hint
	hostile := boardOf(3).ends(p, p, f)
	hostile.made.Checks[2].Reason = "it printed \x1b[2J\x1b[31m" + strings.Repeat("x", 200)
	for name, b := range map[string]*board{
		"begun": boardOf(7), "running": running, "failed": failed, "right": boardOf(7).ends(p, p, p, p, p, p, p),
		"error": boardOf(7).ends(p, e, p, p, p, p, p), "many": many, "long": long, "hostile": hostile,
	} {
		text := b.draw(80, 23, noon)
		golden.Check(t, filepath.Join("testdata", "board", name+".txt"), text)
		for _, width := range []int{boardColumns, 80, 200} {
			for _, height := range []int{boardLines - 1, 23, 60} {
				lines := strings.Split(b.draw(width, height, noon), "\n")
				if len(lines)-1 > height {
					t.Errorf("%s has %d lines of %d", name, len(lines)-1, height)
				}
				for _, line := range lines {
					if ansi.StringWidth(line) >= width || strings.Contains(line, "\x1b") {
						t.Errorf("%s: %q of %d columns", name, line, width)
					}
				}
			}
		}
	}
}

// TestScreen: a drawing replaces the one before, what others say stays above, and a
// terminal of another size is cleared.
func TestScreen(t *testing.T) {
	var out bytes.Buffer
	columns := 80
	s := &screen{out: &out, size: func() (int, int) { return columns, 24 }, board: *boardOf(3)}
	drawn := func() string { defer out.Reset(); return out.String() }
	s.change(func(b *board) { b.foot = []string{"one"} })
	head := boardOf(3).head(79) + "\n"
	if got := drawn(); got != head+"one\n" {
		t.Errorf("first %q", got)
	}
	s.change(func(b *board) { b.foot = []string{"one", "two"} })
	if got := drawn(); got != "\r\x1b[2A\x1b[J"+head+"one\ntwo\n" {
		t.Errorf("second %q", got)
	}
	fmt.Fprintln(s, "downloading")
	if got := drawn(); got != "\r\x1b[3A\x1b[Jdownloading\n"+head+"one\ntwo\n" {
		t.Errorf("said %q", got)
	}
	columns = 100
	s.change(func(*board) {})
	if got := drawn(); !strings.HasPrefix(got, "\x1b[H\x1b[JLab 3") {
		t.Errorf("resized %q", got)
	}
}

// TestOnBoard: the checks are of no kind, so they cannot be made; what the checks came to ends on the board, and is the command's result.
func TestOnBoard(t *testing.T) {
	var out bytes.Buffer
	l := boardOf(2).lab
	l.Rows = 10
	a := &app{out: &out, err: ui.New(&out), paint: func(word string) string { return word }, size: func() (int, int) { return 80, 24 }}
	before := a.err
	w := work{app: a, book: student.Book{Dir: t.TempDir()}, lab: l, grader: grade.Grader{Sites: keeper.State{}}, last: &attempt{}}
	var unmade unmadeError
	if err := w.onBoard(t.Context(), true); !errors.As(err, &unmade) || a.err != before {
		t.Errorf("error = %v", err)
	}
	if done, err := w.book.Progress(); err != nil || len(done[l.ID].Attempt.Checks) != 2 || done[l.ID].Attempt.Running || done[l.ID].Attempt.Names.Topic == "" {
		t.Errorf("saved %+v, %v", done[l.ID].Attempt, err)
	}
	_, last, _ := strings.Cut(out.String(), "thing 2")
	if !strings.Contains(last, `there is no kind of check ""`) || !strings.Contains(last, "\x1b[J") {
		t.Errorf("drawn %q", last)
	}
}

// TestRightForNobody: whoever works without a name hears at the end that the grade wants
// values of the name, on a line that fits.
func TestRightForNobody(t *testing.T) {
	own := lab.Lab{ID: "10-groups", Choose: map[string][]string{"size": {"1", "2"}}}
	for _, c := range []struct {
		student string
		lab     lab.Lab
		want    bool
	}{{"", own, true}, {"ada", own, false}, {"", lab.Lab{ID: "13-bad-rows"}, false}} {
		text := work{lab: c.lab, student: c.student}.right()
		if strings.Contains(text, "--student") != c.want || len(text) > 79 {
			t.Errorf("lab %s, student %q: %s", c.lab.ID, c.student, text)
		}
	}
}
