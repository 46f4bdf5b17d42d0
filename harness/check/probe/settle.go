package probe

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/rows/wisdm"
)

// exactRows is how many rows of the groups that differ are held at a time, to be
// compared one by one: some 200 bytes each, on both sides.
const exactRows = 100_000

// maxGroups is how many groups that differ are named.
const maxGroups = 10

// reread reads the rows of some groups from a hop once more.
type reread func(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error)

// settled is what a hop that was summed up comes to.
type settled struct {
	name   string
	ledger *wisdm.Ledger
	// differ are the groups whose sums aren't the ledger's, and how each differs.
	differ  []wisdm.Group
	say     func(wisdm.Group) string
	reread  reread // nil where the hop can't be read again
	options wisdm.CompareOptions
	most    int64 // rows of a batch; 0 for exactRows
	// result has what is known already; problems is what was seen wrong.
	result   hop.Result
	problems []string
}

// settle names the groups that differ and compares their rows one by one, as many
// groups at a time as have exactRows, up to the first ones that aren't right.
// Where rows may come again, a group with repeats differs and is right.
func (s settled) settle(ctx context.Context) hop.Result {
	left, bad := s.differ, false
	for len(left) > 0 && s.reread != nil && !bad {
		batch := s.ledger.Batch(left, cmp.Or(s.most, exactRows))
		left = left[len(batch):]
		difference, err := s.exact(ctx, batch)
		if err != nil {
			return hop.Errored(s.name, s.ledger.Count(), err)
		}
		bad = difference != nil || !s.options.AllowRepeats
		switch {
		case difference != nil:
			s.problems = append(s.problems, s.named(s.differ), difference.Error())
		case bad:
			s.problems = append(s.problems, s.named(batch), "their rows are right now that they were read one by one: the hop has changed in between")
		}
	}
	if len(s.differ) > 0 && s.reread == nil {
		s.problems = append(s.problems, s.named(s.differ))
	}
	s.result.Hop, s.result.Expected, s.result.Outcome = s.name, s.ledger.Count(), hop.Passed
	if len(s.problems) > 0 {
		s.result.Outcome, s.result.Detail = hop.Failed, strings.Join(s.problems, "\n")
	}
	return s.result
}

func (s settled) exact(ctx context.Context, batch []wisdm.Group) (*wisdm.Difference, error) {
	oracle, err := s.ledger.Oracle(ctx, batch)
	if err != nil {
		return nil, err
	}
	wanted := map[wisdm.Group]bool{}
	for _, group := range batch {
		wanted[group] = true
	}
	rows, err := s.reread(ctx, wanted)
	if err != nil {
		return nil, fmt.Errorf("read the rows of %s again: %w", batch[0], err)
	}
	return oracle.Compare(rows, s.options), nil
}

// named lists groups that differ.
func (s settled) named(groups []wisdm.Group) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%d of %d groups differ:", len(groups), len(s.ledger.Groups()))
	for _, group := range groups[:min(len(groups), maxGroups)] {
		fmt.Fprintf(&text, "\n  %s: %s", group, s.say(group))
	}
	if more := len(groups) - maxGroups; more > 0 {
		fmt.Fprintf(&text, "\n  and %d more", more)
	}
	return text.String()
}

// sayCounts says how the rows of a group differ.
func sayCounts(got int64, want int64) string {
	if got == want {
		return fmt.Sprintf("%d rows, as many as there should be, but not the same", got)
	}
	return fmt.Sprintf("%d rows, want %d", got, want)
}

func saySums(ledger *wisdm.Ledger, tally *wisdm.Tally) func(wisdm.Group) string {
	return func(g wisdm.Group) string {
		var got int64
		if sum := tally.Groups()[g]; sum != nil {
			got = sum.Rows
		}
		return sayCounts(got, ledger.Sum(g).Rows)
	}
}

// tracked settles what a hop has told in order.
func tracked(ctx context.Context, name string, ledger *wisdm.Ledger, track *wisdm.Track, again reread, found []string) hop.Result {
	order, err := track.Check(ctx)
	if err != nil {
		return hop.Errored(name, ledger.Count(), err)
	}
	s := settled{
		name: name, ledger: ledger, differ: ledger.Differing(&track.Tally), say: saySums(ledger, &track.Tally), reread: again,
		options: wisdm.CompareOptions{AllowRepeats: true, Ordered: true}, problems: found,
		result: hop.Result{Actual: track.Rows()},
	}
	if repeats := track.Again(); repeats > 0 {
		s.result.Detail = fmt.Sprintf("%d rows came twice, which at least once allows", repeats)
	}
	if order != nil && (len(s.differ) == 0 || again == nil) { // else the rows themselves tell it better
		s.problems = append(s.problems, order.Error())
	}
	return s.settle(ctx)
}
