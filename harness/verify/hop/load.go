package hop

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"hoplab.example/harness/util/usage"
)

// OwnLimit is the most memory, in bytes, that each of hoplab's own programs may
// take, however many rows there are.
const OwnLimit = 128_000_000

// Load is what a run of many rows took.
type Load struct {
	Rows int64 `json:"rows"`
	// Flow is the time from publishing the first row until the last hop had all rows
	// or stood still. Total includes boot, oracle and comparisons.
	Flow      time.Duration `json:"flow_ns"`
	Total     time.Duration `json:"total_ns"`
	Processes []Process     `json:"processes"`
	// Parts are those of hoplab's own process, with the time of the whole run.
	Parts []Part `json:"parts,omitempty"`
}

// Part is what a part of a process took, as [usage.Parts] measures it.
type Part struct {
	Name string        `json:"name"`
	CPU  time.Duration `json:"cpu_ns"`
}

// Process is one of the processes that took part.
type Process struct {
	Name string `json:"name"`
	Hop  string `json:"hop"` // the hop that it brings rows to; "" for all hops
	Own  bool   `json:"own"` // it is hoplab's own
	// Peak is the most resident memory that it had, in bytes; 0 where that is
	// unknown, as for a container.
	Peak int64 `json:"peak_bytes"`
	// CPU is what it took while the rows flowed, Comparing what it took after that; both
	// are 0 where that is unknown.
	CPU       usage.CPU `json:"cpu"`
	Comparing usage.CPU `json:"cpu_comparing"`
}

// Rate returns the rows/s of a hop, from its first row to its last; 0 where that
// wasn't watched.
func (r Result) Rate() float64 {
	if r.Span <= 0 {
		return 0
	}
	return float64(r.Actual) / r.Span.Seconds()
}

// TooLarge returns those of hoplab's own programs that took more than OwnLimit.
func (l Load) TooLarge() []Process {
	var large []Process
	for _, p := range l.Processes {
		if p.Own && p.Peak > OwnLimit {
			large = append(large, p)
		}
	}
	return large
}

// PrintLoad writes the results of a run with a Load as a table, with the details
// below it. count and paint are as for Print.
func (r Report) PrintLoad(out io.Writer, count func(int64) string, paint func(string) string) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "hop\texpected\tactual\trows/s\tfirst to last\tcompared in\t  outcome")
	for _, h := range r.Hops {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t  %s\n", h.Hop, count(h.Expected), count(h.Actual), rate(h, count), span(h.Span), span(h.Took), paint(string(h.Outcome)))
	}
	table.Flush()
	fmt.Fprintln(out)
	table = tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "process\tfor\tpeak memory\tCPU user\tsystem\tper row\tcomparing\t")
	for _, p := range r.Load.Processes {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", p.Name, p.role(), p.size(),
			cpu(p.CPU.User), cpu(p.CPU.System), r.Load.perRow(p.CPU.Sum()), cpu(p.Comparing.Sum()), p.verdict())
	}
	table.Flush()
	r.Load.printParts(out)
	fmt.Fprintf(out, "\n%s rows flowed in %s, %s rows/s from end to end; with the boot and the comparisons it took %s\n", count(r.Load.Rows),
		r.Load.Flow.Round(time.Second), count(int64(float64(r.Load.Rows)/r.Load.Flow.Seconds())), r.Load.Total.Round(time.Second))
	r.details(out)
}

// printParts writes the parts of hoplab's own process as a table.
func (l Load) printParts(out io.Writer) {
	if len(l.Parts) == 0 {
		return
	}
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "\nhoplab's own process, by part\tCPU\tper row\t")
	for _, p := range l.Parts {
		fmt.Fprintf(table, "%s\t%s\t%s\t\n", p.Name, cpu(p.CPU), l.perRow(p.CPU))
	}
	table.Flush()
}

// perRow is the part of a CPU time that a row took.
func (l Load) perRow(took time.Duration) string {
	if took == 0 || l.Rows == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f µs", float64(took.Microseconds())/float64(l.Rows))
}

func cpu(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func rate(h Result, count func(int64) string) string {
	if h.Rate() == 0 {
		return "-"
	}
	return count(int64(h.Rate()))
}

func (p Process) role() string {
	if p.Hop == "" {
		return "all"
	}
	return p.Hop
}

func (p Process) size() string {
	if p.Peak == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%d MB", (p.Peak+500_000)/1_000_000)
}

func (p Process) verdict() string {
	switch {
	case !p.Own || p.Peak == 0:
		return ""
	case p.Peak > OwnLimit:
		return fmt.Sprintf("own, more than %d MB", int64(OwnLimit)/1_000_000)
	}
	return "own"
}

func (r Report) details(out io.Writer) {
	for _, h := range r.Hops {
		if h.Detail != "" {
			fmt.Fprintf(out, "\n%s: %s\n", h.Hop, strings.ReplaceAll(strings.TrimSpace(h.Detail), "\n", "\n  "))
		}
	}
}
