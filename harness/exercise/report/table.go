package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"hoplab.example/harness/verify/hop"
)

// Print writes the report for a terminal: one student's checks with the reasons
// below them, or a class's points by lab. paint says how an outcome's word is
// shown.
func (r Report) Print(out io.Writer, paint func(string) string) {
	r = r.sorted()
	switch len(r.Students) {
	case 0:
		fmt.Fprintln(out, "no submission was graded")
	case 1:
		r.Students[0].print(out, paint)
	default:
		r.printClass(out)
	}
}

func (s Student) print(out io.Writer, paint func(string) string) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	// The outcome comes last and has no tab after it, since colours, which
	// have no width, would disturb the columns.
	fmt.Fprintln(table, "lab\tcheck\tpoints\toutcome")
	for _, l := range s.Labs {
		for _, c := range l.Checks {
			fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", inLog(cell(l.ID)), inLog(cell(c.ID)), of(c.Points, c.Max, c.Outcome != hop.Error), paint(string(c.Outcome)))
		}
	}
	table.Flush()
	points, most := s.Points()
	fmt.Fprintf(out, "\n%s: %s points\n", inLog(cell(s.Name)), of(points, most, s.Sound()))
	if s.Late != "" {
		fmt.Fprintf(out, "%s\n", cell(s.total()))
	}
	s.explain(out, hop.Failed, hop.Error, hop.Skipped)
}

func (r Report) printClass(out io.Writer) {
	labs := r.labs()
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprint(table, "student")
	for _, lab := range labs {
		fmt.Fprintf(table, "\t%s", inLog(cell(lab)))
	}
	fmt.Fprintln(table, "\ttotal")
	for _, s := range r.Students {
		fmt.Fprint(table, inLog(cell(s.Name)))
		for _, lab := range labs {
			fmt.Fprintf(table, "\t%s", s.inTable(lab))
		}
		fmt.Fprintf(table, "\t%s\n", cell(s.total()))
	}
	table.Flush()
	r.printItems(out)
	for _, s := range r.Students {
		s.explain(out, hop.Error) // a student's own are in the other reports
	}
}

// inTable returns a student's points in a lab, for a class's table.
func (s Student) inTable(lab string) string {
	l, has := s.lab(lab)
	if !has {
		return "-"
	}
	points, most := l.Points()
	return of(points, most, l.Sound())
}

// explain writes why the checks with one of these outcomes have it.
func (s Student) explain(out io.Writer, outcomes ...hop.Outcome) {
	for _, f := range s.with(outcomes...) {
		if f.Cause != "" {
			continue // what was skipped is counted below
		}
		fmt.Fprintf(out, "\n%s %s %s (%s): %s\n", inLog(cell(s.Name)), inLog(cell(f.lab)), inLog(cell(f.ID)), f.Outcome, indented(f.because()))
		if f.Hint != "" {
			fmt.Fprintf(out, "  hint: %s\n", indented(f.Hint))
		}
	}
	if !slices.Contains(outcomes, hop.Skipped) {
		return
	}
	for _, l := range s.Labs {
		for _, line := range l.Skipped() {
			fmt.Fprintf(out, "\n%s %s: %s\n", inLog(cell(s.Name)), inLog(cell(l.ID)), indented(line))
		}
	}
}

// indented returns a text for below a heading. A bar starts its further lines:
// none of them can pass for a line of ours.
func indented(text string) string {
	return inLog(strings.ReplaceAll(strings.TrimSpace(shown(text, pageText)), "\n", "\n  | "))
}

// inLog returns a text that isn't a command in a CI server's log: GitHub's runner
// obeys a line that starts with "::", and "##[" anywhere.
func inLog(text string) string {
	text = strings.ReplaceAll(text, "##[", "# #[")
	if strings.HasPrefix(text, "::") {
		return ": :" + text[2:]
	}
	return text
}

// found is a check, with the lab that it is of.
type found struct {
	lab string
	Check
}

// with returns the checks with one of these outcomes.
func (s Student) with(outcomes ...hop.Outcome) []found {
	var list []found
	for _, l := range s.Labs {
		for _, c := range l.Checks {
			for _, o := range outcomes {
				if c.Outcome == o {
					list = append(list, found{l.ID, c})
				}
			}
		}
	}
	return list
}
