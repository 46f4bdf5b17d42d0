package mdtable

import (
	"fmt"
	"slices"
	"strings"
)

// Table is a Markdown table with numbered notes below it.
type Table struct {
	lines []string
	notes []string
}

// New begins a table. A column whose name ends in ":" is aligned to the right.
func New(columns ...string) *Table {
	t := &Table{}
	names, rule := make([]string, len(columns)), "|"
	for i, name := range columns {
		var right bool
		if names[i], right = strings.CutSuffix(name, ":"); right {
			rule += "--:|"
		} else {
			rule += "---|"
		}
	}
	t.Row(names...)
	t.lines = append(t.lines, rule)
	return t
}

// Row adds a row. Its cells are Markdown.
func (t *Table) Row(cells ...string) {
	t.lines = append(t.lines, "| "+strings.Join(cells, " | ")+" |")
}

// Note returns the reference to a note, such as " (1)", for the end of a cell, and
// "" where the note is empty. Cells with the same note share one.
func (t *Table) Note(text string) string {
	if text == "" {
		return ""
	}
	at := slices.Index(t.notes, text)
	if at < 0 {
		at = len(t.notes)
		t.notes = append(t.notes, text)
	}
	return fmt.Sprintf(" (%d)", at+1)
}

// String returns the table, and its notes below it.
func (t *Table) String() string {
	var b strings.Builder
	for _, line := range t.lines {
		b.WriteString(line + "\n")
	}
	for i, note := range t.notes {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%d. %s\n", i+1, note)
	}
	return b.String()
}

var escapes = strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")

// Escape returns plain text as Markdown that neither ends a cell nor begins markup.
func Escape(text string) string { return escapes.Replace(text) }
