package compat

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

const (
	works = "works"
	fails = "fails"
)

// Outcome is the cell's in a word.
func (c Cell) Outcome() string {
	if c.Works {
		return works
	}
	return fails
}

// Print writes the matrix for a terminal: a line for each cell's outcome and
// documents, and under the table what those say that fail. paint colours an
// outcome's word.
func (m Matrix) Print(out io.Writer, paint func(string) string) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprint(table, "Elasticsearch")
	for _, v := range m.Versions {
		fmt.Fprintf(table, "\t%s", v.Elasticsearch)
	}
	for _, column := range Columns() {
		fmt.Fprintf(table, "\n%s", column)
		for _, v := range m.Versions {
			fmt.Fprintf(table, "\t%s", m.plain(v, column))
		}
	}
	fmt.Fprintln(table)
	table.Flush()
	for _, v := range m.Versions {
		for _, c := range v.Cells {
			if said := c.said(); said != "" {
				fmt.Fprintf(out, "\n%s, %s: %s\n  %s\n", v.Elasticsearch, c.Column, paint(c.Outcome()), said)
			}
		}
	}
}

func (m Matrix) plain(v Version, column string) string {
	c := m.Cell(v.Elasticsearch, column)
	switch {
	case c == nil:
		return "-"
	case isRule(column):
		return c.Outcome()
	}
	return fmt.Sprintf("%s, %d", c.Outcome(), c.Documents)
}

// isRule reports a column that applies a rule, and runs nothing.
func isRule(column string) bool { return column == Grafana || strings.HasPrefix(column, "Kibana ") }

// said joins an error's words and the note.
func (c Cell) said() string {
	return strings.Join(slices.DeleteFunc([]string{c.Words, c.Note}, func(s string) bool { return s == "" }), "; ")
}
