package report

import (
	"bytes"
	"fmt"
	"strings"

	"hoplab.example/harness/verify/hop"
)

// listed is how many checks the Markdown explains: a summary of a CI job must
// stay under 1 MiB (GitHub's limit), or none of it is shown.
const listed = 200

// Markdown returns a summary: the points by lab, and why checks failed or
// couldn't be run.
func (r Report) Markdown() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprint(&out, "## Grades\n\n")
	if len(r.Students) == 0 {
		fmt.Fprint(&out, "No submission was graded.\n")
		return out.Bytes(), nil
	}
	r.markdownPoints(&out)
	for _, s := range r.Students {
		if s.Note != "" {
			fmt.Fprintf(&out, "\n%s: nothing to grade was found: %s\n", code(s.Name), code(s.Note))
		}
	}
	r.markdownReasons(&out)
	return out.Bytes(), nil
}

func (r Report) markdownPoints(out *bytes.Buffer) {
	labs := r.labs()
	row := []string{"student"}
	for _, lab := range labs {
		row = append(row, code(lab))
	}
	markdownRow(out, append(row, "total")...)
	fmt.Fprintf(out, "|---|%s---:|\n", strings.Repeat("---:|", len(labs)))
	for _, s := range r.Students {
		row := []string{code(s.Name)}
		for _, lab := range labs {
			row = append(row, s.inTable(lab))
		}
		markdownRow(out, append(row, s.total())...)
	}
}

func (r Report) markdownReasons(out *bytes.Buffer) {
	count := 0
	for _, s := range r.Students {
		for _, f := range s.with(hop.Failed, hop.Error) {
			if count++; count == 1 {
				fmt.Fprint(out, "\n## What to look at\n\n")
				markdownRow(out, "student", "lab", "check", "outcome", "points", "reason")
				fmt.Fprint(out, "|---|---|---|---|---:|---|\n")
			}
			if count <= listed {
				points := of(f.Points, f.Max, f.Outcome != hop.Error)
				markdownRow(out, code(s.Name), code(f.lab), code(f.ID), string(f.Outcome), points, code(f.because()))
			}
		}
	}
	if count > listed {
		fmt.Fprintf(out, "\n%d more are in the other reports.\n", count-listed)
	}
}

func markdownRow(out *bytes.Buffer, cells ...string) {
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// code returns a text as one cell's code, in which nothing is markup. A code
// element is used in place of backticks, since a table ends its cells before it
// looks for code. A server makes no mention, issue or commit of what is in it.
func code(text string) string {
	text = cell(text)
	if text == "" {
		return "-"
	}
	var out strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '@': // the comment parts an address, which would become a link
			out.WriteString("&#64;<!-- -->")
		case strings.ContainsRune("&<>`*_~[]{}|\\:#!$\"", r), r == '.' && i+1 < len(runes) && runes[i+1] != ' ':
			fmt.Fprintf(&out, "&#%d;", r)
		default:
			out.WriteRune(r)
		}
	}
	return "<code>" + out.String() + "</code>"
}
