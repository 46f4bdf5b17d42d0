package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the comparison as a table, with the rule under it. paint colours
// a verdict's word.
func (c Comparison) Print(out io.Writer, paint func(string) string) {
	table := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "part\twhat\told\tnew\tchange\told ratio\tnew ratio\tchange\tspread\tverdict")
	for _, ch := range c.Changes {
		ratio := Moved{}
		if ch.Ratio != nil {
			ratio = *ch.Ratio
		}
		// The verdict comes last: its colour must not count as width.
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", ch.Part, ch.Title(),
			optional(ch.Ours.Old, ch.Unit), optional(ch.Ours.New, ch.Unit), percent(ch.Ours.Percent),
			optional(ratio.Old, ""), optional(ratio.New, ""), percent(ratio.Percent), ch.lies(), ch.said(paint))
	}
	table.Flush()
	fmt.Fprintf(out, "\nThe rule, with a threshold of %v %%: %s.\n", c.Threshold, c.Rule)
}

// JSON returns the comparison as JSON.
func (c Comparison) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(c, "", "  ")
	return append(text, '\n'), err
}

func (c Change) lies() string {
	switch {
	case c.Verdict == Gone || c.Verdict == Added:
		return "-"
	case c.Outside:
		return "outside"
	}
	return "within"
}

func (c Change) said(paint func(string) string) string {
	if c.Why == "" || c.Verdict == Same {
		return paint(string(c.Verdict))
	}
	return paint(string(c.Verdict)) + ": " + c.Why
}

func optional(v *float64, unit string) string {
	switch {
	case v == nil:
		return "-"
	case unit == "":
		return number(*v)
	}
	return amount(*v, unit)
}

func percent(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%+.1f %%", *v)
}
