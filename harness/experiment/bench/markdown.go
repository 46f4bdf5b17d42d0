package bench

import (
	"fmt"
	"strings"

	"hoplab.example/harness/util/mdtable"
)

// Begin and End enclose the table in a Markdown file.
const (
	Begin = "<!-- bench: from here on written by lab dev bench --update -->"
	End   = "<!-- bench: until here -->"
)

var place = mdtable.Place{What: "the figures", Begin: Begin, End: End}

// Written returns the text between the markers of a Markdown file.
func Written(path string) (string, error) { return place.Read(path) }

// Update writes the figures between the markers of a Markdown file.
func (r Report) Update(path string) error { return place.Write(path, r.Markdown()) }

// Markdown returns the figures as a table with notes. Those of single components
// come in a table of their own, which is folded.
func (r Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s. Numbers are medians, with the least and the largest of the runs.\n\n", r.conditions())
	var main, components []Figure
	for _, f := range r.Figures {
		if f.Of == "" {
			main = append(main, f)
		} else {
			components = append(components, f)
		}
	}
	var notes []string
	r.rows(&b, main, &notes)
	for i, note := range notes {
		fmt.Fprintf(&b, "%d. %s\n", i+1, note)
	}
	if len(components) > 0 {
		b.WriteString("\n<details><summary>Each component</summary>\n\n")
		notes = nil
		r.rows(&b, components, &notes)
		for i, note := range notes {
			fmt.Fprintf(&b, "%d. %s\n", i+1, note)
		}
		b.WriteString("\n</details>\n")
	}
	return strings.TrimSpace(b.String()) + "\n"
}

func (r Report) rows(b *strings.Builder, figures []Figure, notes *[]string) {
	b.WriteString("| `--only` | what | ours | theirs | ratio | goal |\n|---|---|---|---|---|---|\n")
	for _, f := range figures {
		ours, theirs, ratio := f.sides()
		fmt.Fprintf(b, "| `%s` | %s%s | %s | %s | %s | %s |\n", f.Part, escape(f.title()), mark(f.said(), notes), ours, blank(theirs), blank(ratio), r.goalCell(f))
	}
	b.WriteString("\n")
}

// mark returns the number of a note. Figures that say the same share one.
func mark(said string, notes *[]string) string {
	if said == "" {
		return ""
	}
	said = escape(said)
	for i, note := range *notes {
		if note == said {
			return fmt.Sprintf(" (%d)", i+1)
		}
	}
	*notes = append(*notes, said)
	return fmt.Sprintf(" (%d)", len(*notes))
}

func (r Report) goalCell(f Figure) string {
	switch r.verdict(f) {
	case "WRONG":
		return "**wrong**"
	case "NO":
		return f.goal() + ", **missed**"
	}
	return f.goal()
}

func blank(cell string) string {
	if cell == "-" {
		return ""
	}
	return cell
}

// escape keeps what would end a cell, or begin markup, as it is.
func escape(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
}
