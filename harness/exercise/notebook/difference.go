package notebook

import (
	"fmt"
	"slices"
	"strings"
)

const (
	maxCompared = 2000 // actual lines that a difference looks at
	maxTold     = 24   // lines that it reports
	maxLine     = 200  // characters of a line
	around      = 2    // equal lines before and after others
)

// Difference is where an output isn't what the page shows.
type Difference struct {
	Page string
	Line int // of the page: the first shown line that differs, or where one is missing
	// Expected and Actual are the first lines that differ; "" where there is none.
	Expected, Actual string
	Lines            []DifferenceLine
	More             int // lines that are left out at the end
}

// DifferenceLine is one line of a difference.
type DifferenceLine struct {
	Sign byte // '-' is only shown, '+' only printed, ' ' both
	Line int  // of the page, 0 for '+'
	Text string
}

// String describes the difference in lines; those of the page have numbers.
func (d *Difference) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s:%d: the output isn't what the page shows (- the page, + the output):\n", d.Page, d.Line)
	for _, l := range d.Lines {
		number := ""
		if l.Line > 0 {
			number = itoa(l.Line)
		}
		out.WriteString(strings.TrimRight(fmt.Sprintf("%5s %c %s", number, l.Sign, l.Text), " ") + "\n")
	}
	if d.More > 0 {
		fmt.Fprintf(&out, "      and %d more lines\n", d.More)
	}
	return out.String()
}

// difference describes how lines that don't match differ.
func difference(shown Output, want []shownLine, got []string) *Difference {
	more := max(0, len(got)-maxCompared)
	got = got[:len(got)-more]
	// A line that a "..." stands for is left out; the "..." itself is reported once.
	steps := slices.DeleteFunc(align(want, got), func(s step) bool { return s.shown >= 0 && want[s.shown].any() && s.actual >= 0 })
	d := &Difference{Page: shown.Page, More: more}
	next := shown.Line + 1
	for i, s := range steps {
		if s.shown >= 0 {
			next = shown.Line + 1 + s.shown
		}
		if !s.same && d.Line == 0 {
			d.first(next, steps[i:], want, got)
		}
		if !s.same || nearChange(steps, i) {
			d.add(next, s, want, got)
		}
		if s.shown >= 0 {
			next++
		}
	}
	if len(d.Lines) > maxTold {
		d.More, d.Lines = d.More+len(d.Lines)-maxTold, d.Lines[:maxTold]
	}
	if d.Line == 0 { // the lines that were left out differ
		d.Line = next
	}
	return d
}

// first keeps the first lines that differ.
func (d *Difference) first(line int, steps []step, want []shownLine, got []string) {
	d.Line = line
	for _, s := range steps {
		if s.same || d.Expected != "" && d.Actual != "" {
			return
		}
		if s.shown >= 0 && d.Expected == "" {
			d.Expected = cutLine(want[s.shown].text)
		}
		if s.actual >= 0 && d.Actual == "" {
			d.Actual = cutLine(got[s.actual])
		}
	}
}

func (d *Difference) add(line int, s step, want []shownLine, got []string) {
	if s.same {
		d.Lines = append(d.Lines, DifferenceLine{' ', line, cutLine(want[s.shown].text)})
		return
	}
	if s.shown >= 0 {
		d.Lines = append(d.Lines, DifferenceLine{'-', line, cutLine(want[s.shown].text)})
	}
	if s.actual >= 0 {
		d.Lines = append(d.Lines, DifferenceLine{'+', 0, cutLine(got[s.actual])})
	}
}

func nearChange(steps []step, at int) bool {
	for _, s := range steps[max(0, at-around):min(len(steps), at+around+1)] {
		if !s.same {
			return true
		}
	}
	return false
}

func cutLine(line string) string {
	if runes := []rune(line); len(runes) > maxLine {
		return string(runes[:maxLine]) + " …"
	}
	return line
}
