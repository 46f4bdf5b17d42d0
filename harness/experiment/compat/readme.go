package compat

import (
	"fmt"
	"strings"

	"hoplab.example/harness/util/mdtable"
)

// Begin and End enclose the matrix in a Markdown file.
const (
	Begin = "<!-- compat: from here on written by lab dev compat --update -->"
	End   = "<!-- compat: until here -->"
)

// Markdown returns the matrix as a table with notes, and nothing that is
// different at each run: of what fails, no count.
func (m Matrix) Markdown() string {
	var b strings.Builder
	b.WriteString("| Elasticsearch")
	for _, v := range m.Versions {
		fmt.Fprintf(&b, " | %s", v.Elasticsearch)
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---", len(m.Versions)) + "|\n")
	var notes []string
	for _, column := range Columns() {
		fmt.Fprintf(&b, "| %s", column)
		for _, v := range m.Versions {
			b.WriteString(" | " + m.marked(v, column, &notes))
		}
		b.WriteString(" |\n")
	}
	b.WriteString("\n")
	for i, note := range notes {
		fmt.Fprintf(&b, "%d. %s\n", i+1, note)
	}
	return b.String()
}

// marked is a cell with the number of its note. Cells that say the same share
// one.
func (m Matrix) marked(v Version, column string, notes *[]string) string {
	c := m.Cell(v.Elasticsearch, column)
	if c == nil {
		return ""
	}
	text := works
	if !c.Works {
		text = "**" + fails + "**"
	}
	said := c.note()
	if said == "" {
		return text
	}
	for i, note := range *notes {
		if note == said {
			return fmt.Sprintf("%s (%d)", text, i+1)
		}
	}
	*notes = append(*notes, said)
	return fmt.Sprintf("%s (%d)", text, len(*notes))
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

// place is where a Markdown file has the matrix.
var place = mdtable.Place{What: "the matrix", Begin: Begin, End: End}

// Written returns the text between the markers of a Markdown file.
func Written(path string) (string, error) { return place.Read(path) }

// Update writes the matrix between the markers of a Markdown file.
func (m Matrix) Update(path string) error { return place.Write(path, m.Markdown()) }
