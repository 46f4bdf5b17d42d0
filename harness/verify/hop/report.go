package hop

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"hoplab.example/harness/util/atomicfile"
)

// Report is a run's results.
type Report struct {
	Outcome Outcome  `json:"outcome"`
	Hops    []Result `json:"hops"`
	// Load is set for a run of many rows.
	Load *Load `json:"load,omitempty"`
}

// NewReport sums results up: an error outweighs a failure, a failure outweighs
// a skip, and only where every hop passed has the run passed.
func NewReport(results []Result) Report {
	weight := map[Outcome]int{Passed: 1, Skipped: 2, Failed: 3, Error: 4}
	report := Report{Outcome: Skipped, Hops: results}
	heaviest := 0
	for _, r := range results {
		if weight[r.Outcome] > heaviest {
			heaviest, report.Outcome = weight[r.Outcome], r.Outcome
		}
	}
	return report
}

// Write writes the report to a file as JSON, atomically.
func (r Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, append(text, '\n')); err != nil {
		return fmt.Errorf("write the report %s: %w", path, err)
	}
	return nil
}

// Print writes the results as a table, with the details below it. count and
// paint format a number and an outcome.
func (r Report) Print(out io.Writer, count func(int64) string, paint func(string) string) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', tabwriter.AlignRight)
	// The outcome comes last and has no tab after it: the escape codes of its colour
	// would shift the columns.
	fmt.Fprintln(table, "hop\texpected\tactual\tfirst to last\t  outcome")
	for _, h := range r.Hops {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t  %s\n", h.Hop, count(h.Expected), count(h.Actual), span(h.Span), paint(string(h.Outcome)))
	}
	table.Flush()
	r.details(out)
}

func span(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}
