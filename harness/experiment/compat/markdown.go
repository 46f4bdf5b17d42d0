package compat

import (
	"strings"

	"hoplab.example/harness/util/mdtable"
)

// Place is where docs/stacks.md has the matrix.
var Place = mdtable.Place{
	What:  "the matrix",
	Begin: "<!-- compat: from here on written by lab dev compat --update -->",
	End:   "<!-- compat: until here -->",
}

// Markdown returns the matrix as a table with notes. It leaves out what differs at
// each run, such as how many documents a writer that fails has written.
func (m Matrix) Markdown() string {
	head := []string{"Elasticsearch"}
	for _, v := range m.Versions {
		head = append(head, v.Elasticsearch)
	}
	t := mdtable.New(head...)
	for _, column := range Columns() {
		cells := []string{column}
		for _, v := range m.Versions {
			cells = append(cells, m.Cell(v.Elasticsearch, column).markdown(t))
		}
		t.Row(cells...)
	}
	return t.String()
}

func (c *Cell) markdown(t *mdtable.Table) string {
	switch {
	case c == nil:
		return ""
	case c.Works:
		return works + t.Note(c.note())
	}
	return "**" + fails + "**" + t.Note(c.note())
}

// note is what a cell says, the words of a program in a code span.
func (c Cell) note() string {
	switch {
	case c.Words == "":
		return c.Note
	case isRule(c.Column):
		return c.said()
	case c.Note == "":
		return code(c.Words)
	}
	return code(c.Words) + ": " + c.Note
}

func code(words string) string { return "`" + strings.ReplaceAll(words, "`", "'") + "`" }
