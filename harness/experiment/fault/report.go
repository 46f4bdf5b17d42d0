package fault

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
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

// Place is where docs/faults.md has the table.
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

// String returns the losses, the repeats and the time, such as "0 lost, 12
// repeated, after 3.4 s".
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
	t := mdtable.New(slices.Concat([]string{"fault", "rows:"}, Hops)...)
	for _, result := range r.Results {
		cells := []string{result.Case + t.Note(result.note()), ui.Count(result.Rows)}
		for _, seen := range result.Seen {
			cells = append(cells, seen.String())
		}
		t.Row(cells...)
	}
	return t.String()
}

// note says why rows may be lost, or what is wrong.
func (r Result) note() string {
	if r.Wrong != "" {
		return "**Wrong:** " + r.Wrong
	}
	return r.Loses
}

// Write writes the report to a file, as JSON.
func (r Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
