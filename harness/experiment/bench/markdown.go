package bench

import (
	"fmt"

	"hoplab.example/harness/util/mdtable"
)

// Place is where docs/benchmarks.md has the table.
var Place = mdtable.Place{
	What:  "the figures",
	Begin: "<!-- bench: from here on written by lab dev bench --update -->",
	End:   "<!-- bench: until here -->",
}

// Markdown returns the figures as a table with notes. Those of single components
// come in a table of their own, which is folded.
func (r Report) Markdown() string {
	var main, components []Figure
	for _, f := range r.Figures {
		if f.Of == "" {
			main = append(main, f)
		} else {
			components = append(components, f)
		}
	}
	text := fmt.Sprintf("Measured on %s. Numbers are medians, with the least and the largest of the runs.\n\n%s", r.conditions(), r.table(main))
	if len(components) > 0 {
		text += fmt.Sprintf("\n<details><summary>Each component</summary>\n\n%s\n</details>\n", r.table(components))
	}
	return text
}

func (r Report) table(figures []Figure) *mdtable.Table {
	t := mdtable.New("`--only`", "what", "ours", "theirs", "ratio", "goal")
	for _, f := range figures {
		ours, theirs, ratio := f.sides()
		t.Row("`"+f.Part+"`", mdtable.Escape(f.title())+t.Note(mdtable.Escape(f.said())), ours, blank(theirs), blank(ratio), r.goalCell(f))
	}
	return t
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
