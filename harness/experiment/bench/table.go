package bench

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"hoplab.example/harness/util/ui"
)

// Print writes the report as a table.
func (r Report) Print(out io.Writer) {
	fmt.Fprintf(out, "%s\n\n", r.conditions())
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "part\twhat\tours\ttheirs\tratio\tgoal\tmet")
	for _, f := range r.Figures {
		ours, theirs, ratio := f.sides()
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Part, f.title(), ours, theirs, ratio, f.goal(), r.verdict(f))
	}
	table.Flush()
	for _, n := range r.notes() {
		fmt.Fprintf(out, "\n%s: %s\n", strings.Join(n.titles, "; "), n.said)
	}
}

// note is what figures say besides their numbers.
type note struct {
	titles []string
	said   string
}

// notes are those of all figures. Figures that say the same share one.
func (r Report) notes() (all []note) {
	for _, f := range r.Figures {
		said := f.said()
		same := slices.IndexFunc(all, func(n note) bool { return n.said == said })
		switch {
		case said == "":
		case same < 0:
			all = append(all, note{[]string{f.title()}, said})
		default:
			all[same].titles = append(all[same].titles, f.title())
		}
	}
	return all
}

// conditions says where and how often was measured.
func (r Report) conditions() string {
	text := fmt.Sprintf("%d cores, %.0f GiB of memory (%s", r.Machine.Cores, float64(r.Machine.MiB)/1024, r.Machine.Arch)
	if r.Machine.CPU != "" {
		text += ", " + r.Machine.CPU
	}
	text += fmt.Sprintf("); %s of %s rows", plural(r.Runs, "run"), ui.Count(r.Rows))
	if r.Short {
		text += "; the short form, whose numbers only show that all works"
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// verdict is the word of the last column.
func (r Report) verdict(f Figure) string {
	switch {
	case f.Wrong != "":
		return "WRONG"
	case f.Goal == nil:
		return "-"
	case r.Short:
		return "not asked"
	case f.Met:
		return "yes"
	}
	return "NO"
}

// sides are a figure's cells. The least and the largest are of that by which it
// is judged.
func (f Figure) sides() (ours, theirs, ratio string) {
	ours, theirs, ratio = amount(f.Ours.Median, f.Unit), "-", "-"
	if f.Theirs == nil {
		return ours + spread(f.Ours), theirs, ratio
	}
	theirs = amount(f.Theirs.Median, f.Unit)
	if f.Ratio != nil {
		ratio = number(f.Ratio.Median) + spread(*f.Ratio)
	}
	return ours, theirs, ratio
}

// spread says between what the runs were; of one run there is nothing to say.
func spread(s Series) string {
	if len(s.Runs) < 2 {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", number(s.Min), number(s.Max))
}

func (f Figure) goal() string {
	if f.Goal == nil {
		return "none"
	}
	sign := map[string]string{AtLeast: "≥", AtMost: "≤"}[f.Goal.Bound]
	if f.Goal.Of == OfOurs {
		return fmt.Sprintf("%s %v %s", sign, f.Goal.Value, f.Unit)
	}
	return fmt.Sprintf("%s %v", sign, f.Goal.Value)
}

// reached is the value that the goal is of.
func (f Figure) reached() string {
	if f.Goal != nil && f.Goal.Of == OfOurs || f.Ratio == nil {
		return amount(f.Ours.Median, f.Unit)
	}
	return "the ratio is " + number(f.Ratio.Median)
}

func (f Figure) said() string {
	if f.Wrong == "" || f.Detail == "" {
		return f.Wrong + f.Detail
	}
	return strings.Join([]string{f.Wrong, f.Detail}, "; ")
}

func amount(v float64, unit string) string { return number(v) + " " + unit }

// number has three digits or more, as many as a reading is worth.
func number(v float64) string {
	switch size := math.Abs(v); {
	case size >= 1e6:
		return fmt.Sprintf("%.1f M", v/1e6)
	case size >= 100:
		return ui.Count(int64(math.Round(v)))
	case size >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
