package probe

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// exactRows is how many rows are held at a time, to be compared one by one: some
// 200 bytes each, on both sides.
const exactRows = 100_000

// maxGroups is how many groups that differ are named.
const maxGroups = 10

// reread reads the rows of some groups from a hop once more; of all where groups is
// nil.
type reread func(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error)

// settled decides a check by the sums of a hop's rows. Only where they aren't what
// they must be are rows read again and compared one by one.
type settled struct {
	name   string
	ledger *wisdm.Ledger
	// differ are the groups whose sums aren't the ledger's, and say how each differs.
	differ  []wisdm.Group
	say     func(wisdm.Group) string
	order   *wisdm.Difference // what is wrong with the rows' order; nil for nothing
	reread  reread            // nil where the hop can't be read again
	options wisdm.CompareOptions
	most    int64 // rows to compare at a time; 0 for exactRows
	// result has what is known already; problems is what was seen wrong.
	result   hop.Result
	problems []string
}

// settle returns what the hop comes to.
func (s settled) settle(ctx context.Context) hop.Result {
	s.result.Hop, s.result.Expected, s.result.Outcome = s.name, s.ledger.Count(), hop.Passed
	if repeats := s.result.Actual - s.ledger.Count(); repeats > 0 && s.options.AllowRepeats {
		s.result.Actual = s.ledger.Count()
		s.result.Detail = cameTwice(repeats)
	}
	if s.result.Actual == 0 {
		s.problems = append(s.problems, fmt.Sprintf("the hop holds no row, want %d", s.ledger.Count()))
	}
	s.most = cmp.Or(s.most, exactRows)
	var err error
	switch {
	case len(s.differ) == 0 && s.order == nil:
	case s.reread == nil:
		s.blame(s.order, s.differ)
	case s.ledger.Count() <= s.most:
		err = s.compareAll(ctx)
	case len(s.differ) == 0:
		s.blame(s.order, nil)
	default:
		err = s.compareGroups(ctx)
	}
	if err != nil {
		return hop.Errored(s.name, s.ledger.Count(), err)
	}
	if len(s.problems) > 0 {
		s.result.Outcome, s.result.Detail = hop.Failed, strings.Join(s.problems, "\n")
	}
	return s.result
}

// compareAll compares all rows at once.
func (s *settled) compareAll(ctx context.Context) error {
	difference, err := s.exact(ctx, nil)
	if err != nil {
		return err
	}
	if difference == nil {
		s.unfounded(s.differ)
		return nil
	}
	s.result.Actual = difference.Expected - difference.Missing + difference.Unexpected
	groups := s.differ
	if len(groups) > maxGroups || difference.OutOfOrder > 0 { // of rows out of order the sums are wrong too
		groups = nil
	}
	s.blame(difference, groups)
	return nil
}

// compareGroups compares the groups that differ, as many at a time as have no more
// than most rows, up to the first ones that are wrong. Where rows may come again,
// a group with repeats differs and is right.
func (s *settled) compareGroups(ctx context.Context) error {
	for left := s.differ; len(left) > 0; {
		batch := s.ledger.Batch(left, s.most)
		left = left[len(batch):]
		difference, err := s.exact(ctx, batch)
		if err != nil {
			return err
		}
		if difference != nil {
			s.blame(difference, s.differ)
			return nil
		}
		if !s.options.AllowRepeats {
			s.unfounded(batch)
			return nil
		}
	}
	s.unfounded(s.differ)
	return nil
}

// exact compares the rows of some groups one by one, of all where groups is nil.
func (s *settled) exact(ctx context.Context, groups []wisdm.Group) (*wisdm.Difference, error) {
	want, err := s.ledger.RowsOf(ctx, groups)
	if err != nil {
		return nil, err
	}
	var wanted map[wisdm.Group]bool
	if groups != nil {
		wanted = map[wisdm.Group]bool{}
	}
	for _, group := range groups {
		wanted[group] = true
	}
	rows, err := s.reread(ctx, wanted)
	if err != nil {
		return nil, fmt.Errorf("read the rows again: %w", err)
	}
	return want.Compare(rows, s.options), nil
}

// blame notes a difference, if any, and names the groups that differ.
func (s *settled) blame(difference *wisdm.Difference, groups []wisdm.Group) {
	if difference != nil {
		s.problems = append(s.problems, difference.Error())
	}
	if len(groups) > 0 {
		s.problems = append(s.problems, s.named(groups))
	}
}

// unfounded notes that the rows of groups that differed were right when they were
// read one by one. Where rows may come again, that isn't a contradiction.
func (s *settled) unfounded(groups []wisdm.Group) {
	switch {
	case s.order != nil:
		s.blame(s.order, groups)
	case !s.options.AllowRepeats:
		s.problems = append(s.problems, s.named(groups), "their rows are right now that they were read one by one: the hop has changed in between")
	}
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

func cameTwice(repeats int64) string {
	return fmt.Sprintf("%d rows came twice, which at least once allows", repeats)
}

// tracked settles a hop that keeps the order of each subject's rows.
func tracked(ctx context.Context, name string, ledger *wisdm.Ledger, track *wisdm.Track, again reread, found []string) hop.Result {
	order, err := track.Check(ctx)
	if err != nil {
		return hop.Errored(name, ledger.Count(), err)
	}
	s := settled{
		name: name, ledger: ledger, differ: ledger.Differing(&track.Tally), say: saySums(ledger, &track.Tally), order: order, reread: again,
		options: wisdm.CompareOptions{AllowRepeats: true, Ordered: true}, problems: found, result: hop.Result{Actual: track.Rows()},
	}
	if repeats := track.Again(); repeats > 0 {
		s.result.Detail = cameTwice(repeats)
	}
	return s.settle(ctx)
}

// summed settles a hop whose rows come in any order.
func summed(ctx context.Context, name string, ledger *wisdm.Ledger, tally *wisdm.Tally, again reread, options wisdm.CompareOptions, found []string) hop.Result {
	return settled{
		name: name, ledger: ledger, differ: ledger.Differing(tally), say: saySums(ledger, tally), reread: again,
		options: options, problems: found, result: hop.Result{Actual: tally.Rows()},
	}.settle(ctx)
}
