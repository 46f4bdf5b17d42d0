package fault

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"hoplab.example/harness/util/mdtable"
	"hoplab.example/harness/util/ui"
)

// Report is what a run of cases has shown.
type Report struct {
	Runtime string   `json:"runtime"`
	Rate    float64  `json:"rows_per_second"`
	Results []Result `json:"results"`
}

// Place is where README.md has the table.
var Place = mdtable.Place{
	What:  "the table of faults",
	Begin: "<!-- faults: from here on written by lab dev faults --update -->",
	End:   "<!-- faults: until here -->",
}

// Wrong counts the cases that break the guarantee.
func (r Report) Wrong() (n int) {
	for _, result := range r.Results {
		if result.Wrong != "" {
			n++
		}
	}
	return n
}

// Print writes the table for a terminal.
func (r Report) Print(out io.Writer) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "fault\trows\t"+strings.Join(Hops, "\t")+"\t")
	for _, result := range r.Results {
		fmt.Fprintf(table, "%s\t%s", result.Case, ui.Count(result.Rows))
		for _, seen := range result.Seen {
			fmt.Fprintf(table, "\t%s", seen)
		}
		fmt.Fprintf(table, "\t%s\n", result.Verdict())
	}
	table.Flush()
	for _, result := range r.Results {
		if result.Wrong != "" {
			fmt.Fprintf(out, "\n%s: %s\n", result.Case, result.Wrong)
		}
	}
}

// String tells the losses, the repeats and the time, such as "0 lost, 12 twice,
// after 3.4 s".
func (s Seen) String() string {
	after := ""
	if s.Recovered > 0 {
		after = fmt.Sprintf(", after %.1f s", s.Recovered.Seconds())
	}
	return fmt.Sprintf("%s lost, %s repeated%s", ui.Count(s.Lost), ui.Count(s.Repeated), after)
}

// Verdict says in a few words whether the guarantee was kept.
func (r Result) Verdict() string {
	switch {
	case r.Wrong != "":
		return "WRONG"
	case r.Loses != "" && r.lost() > 0:
		return "as its guarantee says: " + r.Loses
	}
	return "ok"
}

func (r Result) lost() (n int64) {
	for _, s := range r.Seen {
		n += s.Lost
	}
	return n
}

// Markdown returns the table for a page. Reasons are notes below it.
func (r Report) Markdown() string {
	var b strings.Builder
	b.WriteString("| fault | rows |")
	for _, name := range Hops {
		fmt.Fprintf(&b, " %s |", name)
	}
	b.WriteString("\n|---|--:|" + strings.Repeat("---|", len(Hops)) + "\n")
	var notes []string
	for _, result := range r.Results {
		fmt.Fprintf(&b, "| %s%s | %s |", result.Case, result.mark(&notes), ui.Count(result.Rows))
		for _, seen := range result.Seen {
			fmt.Fprintf(&b, " %s |", seen)
		}
		b.WriteString("\n")
	}
	for i, note := range notes {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, note)
	}
	return b.String()
}

// mark refers to the note that says why rows may be lost, or what is wrong.
func (r Result) mark(notes *[]string) string {
	note := r.Loses
	if r.Wrong != "" {
		note = "**Wrong:** " + r.Wrong
	}
	if note == "" {
		return ""
	}
	for i, known := range *notes {
		if known == note {
			return fmt.Sprintf(" (%d)", i+1)
		}
	}
	*notes = append(*notes, note)
	return fmt.Sprintf(" (%d)", len(*notes))
}

// Write writes the report to a file, as JSON.
func (r Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
