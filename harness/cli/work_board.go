package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/util/printable"
	"hoplab.example/harness/verify/hop"
)

// The least size of a terminal that has room for a board.
const (
	boardColumns = 60
	boardLines   = 16
)

// board is what a terminal shows of a lab's checks: a line per check, then why the first
// one failed and its hint.
type board struct {
	lab    lab.Lab // as it is practised
	more   int     // points of checks that only grading makes
	made   report.Grade
	began  time.Time // of the check after those that are made; zero where none runs
	hint   string
	foot   []string
	marked func(hop.Outcome) string // an outcome in its colour, as wide as any
}

// draw returns the board as at most that many lines, each narrower than width.
func (b *board) draw(width, height int, now time.Time) string {
	top, foot := b.checks(now, true), b.foot
	cause := b.cause(width - 1)
	if len(top)+len(cause)+len(foot)+2 > height {
		top = b.checks(now, false)
	}
	lines := append([]string{b.head(width - 1)}, top...)
	if room := height - len(lines) - len(foot) - 1; len(cause) > 0 && room > 1 {
		lines = append(append(lines, ""), b.fit(cause, room)...)
	}
	var text strings.Builder
	for _, line := range append(lines, foot...) {
		fmt.Fprintln(&text, ansi.Truncate(line, width-1, "…"))
	}
	return text.String()
}

// head has the lab's title, and the points at its right.
func (b *board) head(width int) string {
	points, _ := b.made.Points()
	most := b.lab.Points()
	right := fmt.Sprintf("%d of %d points", points, most)
	if b.more > 0 {
		right += fmt.Sprintf(", %d more in grading", b.more)
	}
	left := ansi.Truncate(fmt.Sprintf("Lab %d: %s", b.lab.Number(), b.lab.Title), width-ansi.StringWidth(right)-2, "…")
	return left + strings.Repeat(" ", width-ansi.StringWidth(left)-ansi.StringWidth(right)) + right
}

// checks has a line per check that was made or is, where passed is false without those
// that passed, and one for those that were skipped and one for those to come.
func (b *board) checks(now time.Time, passed bool) (lines []string) {
	counts := map[hop.Outcome]int{}
	for _, c := range b.made.Checks {
		counts[c.Outcome]++
		if c.Outcome == hop.Skipped || c.Outcome == hop.Passed && !passed {
			continue
		}
		lines = append(lines, fmt.Sprintf("  %s %d/%d  %s", b.marked(c.Outcome), c.Points, c.Max, c.Title))
	}
	if n := counts[hop.Passed]; !passed && n > 0 {
		lines = append([]string{fmt.Sprintf("  %s %d of the checks", b.marked(hop.Passed), n)}, lines...)
	}
	if n := counts[hop.Skipped]; n > 0 {
		lines = append(lines, fmt.Sprintf("  %s %d, until this has passed: %s", b.marked(hop.Skipped), n, b.blocking()))
	}
	if i := len(b.made.Checks); i < len(b.lab.Checks) && !b.began.IsZero() {
		c := b.lab.Checks[i]
		lines = append(lines, fmt.Sprintf("  %-8s 0/%d  %s (%d s)", "now", c.Points, c.Title, int(now.Sub(b.began).Seconds())))
		if left := len(b.lab.Checks) - i - 1; left > 0 {
			lines = append(lines, fmt.Sprintf("  %-8s %d", "then", left))
		}
	}
	return lines
}

// blocking is the first check because of which others were skipped.
func (b *board) blocking() string {
	for _, c := range b.made.Checks {
		if c.Cause != "" {
			return c.Cause
		}
	}
	return ""
}

// cause says why the first check that has failed did so, and how to go on. It is wrapped
// at words.
func (b *board) cause(width int) (lines []string) {
	show := func(label, text string) {
		if text = strings.TrimSpace(printable.Text(text)); text == "" {
			return
		}
		for i, line := range strings.Split(ansi.Wrap(text, width-column, ""), "\n") {
			if i > 0 {
				label = ""
			}
			lines = append(lines, fmt.Sprintf("  %-*s%s", column-2, label, line))
		}
	}
	for _, c := range b.made.Checks {
		if c.Outcome != hop.Failed && c.Outcome != hop.Error {
			continue
		}
		show("why", c.Reason)
		if c.Outcome == hop.Failed {
			show("expected", c.Expected)
			show("actual", c.Actual)
			show("next", c.Hint)
			show("hint", b.hint)
		}
		break
	}
	return lines
}

// fit leaves so many lines: those at the end, which say how to go on, stay, and what is
// left out is in the middle.
func (b *board) fit(lines []string, room int) []string {
	if len(lines) <= room {
		return lines
	}
	tail := min(room/2, 6)
	head := room - tail - 1
	left := fmt.Sprintf("%*s… %d lines more: 'lab work %d --once | less' shows all", column, "", len(lines)-head-tail, b.lab.Number())
	return append(append(append([]string{}, lines[:head]...), left), lines[len(lines)-tail:]...)
}
