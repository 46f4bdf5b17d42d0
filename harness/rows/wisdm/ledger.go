package wisdm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Ledger is what every hop must hold, computed from the input alone: what one hop
// loses is still expected at the next. It keeps each group's [Sum] but no row, and
// reads the input again where it needs the rows of a group.
type Ledger struct {
	Tally
	kept    []Row // all rows, where an Oracle keeps them
	input   Input
	base    time.Time
	max     int64
	inOrder bool // each subject's rows come as merged sorts them

	last map[Stream]int64  // Seq
	late int64             // rows that others of their stream come before, in spite of their Seq
	cut  map[position]bool // those of them that don't come, since max ends the reading before
}

// ledgerEvery is how many rows are read between two looks at the context.
const ledgerEvery = 1 << 14

// ReadLedger reads at most max rows (0: all) of input, with their event times on
// base. It is an error if there is none. progress, which may be nil, is called with
// the number of rows read so far.
func ReadLedger(ctx context.Context, input Input, base time.Time, max int64, progress func(int64)) (*Ledger, error) {
	var n int64
	return readLedger(ctx, input, base, max, func(Row) error {
		if n++; progress != nil && n%ledgerEvery == 0 {
			progress(n)
		}
		return nil
	})
}

// readLedger calls visit for each row.
func readLedger(ctx context.Context, input Input, base time.Time, max int64, visit func(Row) error) (*Ledger, error) {
	if max < 0 {
		return nil, fmt.Errorf("read at most %d rows of %s: want 0, for all, or more", max, input.Name())
	}
	l := &Ledger{Tally: *NewTally(), input: input, base: base, max: max, inOrder: true, last: map[Stream]int64{}, cut: map[position]bool{}}
	latest := map[int]Row{}
	err := l.Each(ctx, func(r Row) error {
		l.inOrder = l.inOrder && !before(r, latest[r.Subject])
		latest[r.Subject] = r
		l.follow(r.Stream(), r.Seq)
		l.Add(r)
		return visit(r)
	})
	if err == nil && l.rows == 0 {
		err = fmt.Errorf("%s holds no row; there is nothing to expect at any hop", input.Name())
	}
	return l, err
}

func (l *Ledger) follow(at Stream, seq int64) {
	if seq < l.last[at] {
		delete(l.cut, position{at, seq})
		return
	}
	for before := l.last[at] + 1; before < seq; before++ {
		l.cut[position{at, before}] = true
		l.late++
	}
	l.last[at] = seq
}

// Sums returns l itself; see [Expected].
func (l *Ledger) Sums() *Ledger { return l }

// Count returns how many rows there are.
func (l *Ledger) Count() int64 { return l.rows }

// Span returns the smallest and the largest event time.
func (l *Ledger) Span() (first, last time.Time) {
	for _, sum := range l.groups {
		if first.IsZero() || sum.First.Before(first) {
			first = sum.First
		}
		if sum.Last.After(last) {
			last = sum.Last
		}
	}
	return first, last
}

// Each reads the rows once more, in publishing order, until visit returns an
// error, and returns that.
func (l *Ledger) Each(ctx context.Context, visit func(Row) error) error {
	for i := range l.kept {
		if err := visit(l.kept[i]); err != nil {
			return err
		}
	}
	if l.kept != nil {
		return nil
	}
	src, err := l.input.Open()
	if err != nil {
		return err
	}
	if closer, ok := src.(io.Closer); ok {
		defer closer.Close()
	}
	src = Placed(src, l.base)
	for n := int64(0); l.max == 0 || n < l.max; n++ {
		if n%ledgerEvery == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = visit(row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Differing returns, sorted, the groups whose rows aren't those of t, including
// groups that only one of the two has.
func (l *Ledger) Differing(t *Tally) []Group {
	return l.DifferingBy(slices.Collect(maps.Keys(t.groups)), func(g Group, want Sum) bool {
		got := t.groups[g]
		return got != nil && got.Rows == want.Rows && got.Print == want.Print
	})
}

// DifferingBy is Differing with right to decide whether a group of the input is
// right. seen are the groups that a hop has.
func (l *Ledger) DifferingBy(seen []Group, right func(Group, Sum) bool) []Group {
	var groups []Group
	for group, want := range l.groups {
		if !right(group, *want) {
			groups = append(groups, group)
		}
	}
	for _, group := range seen {
		if l.groups[group] == nil {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, compareGroups)
	return groups
}

// Sum returns the sums of a group's rows; the zero Sum where the input has no such
// group.
func (l *Ledger) Sum(g Group) Sum {
	if sum := l.groups[g]; sum != nil {
		return *sum
	}
	return Sum{}
}

// RowsOf returns the rows of some groups, nil for all groups.
func (l *Ledger) RowsOf(ctx context.Context, groups []Group) (*RowSet, error) {
	wanted := map[Group]bool{}
	for _, g := range groups {
		wanted[g] = true
	}
	set := newRowSet()
	err := l.Each(ctx, func(r Row) error {
		if groups != nil && !wanted[r.Group()] {
			return nil
		}
		return set.add(r)
	})
	return set, err
}

// Batch returns the longest run of groups, from the first on and at least one, that
// have at most most rows together.
func (l *Ledger) Batch(groups []Group, most int64) []Group {
	var rows int64
	for i, g := range groups {
		if rows += l.Sum(g).Rows; rows > most && i > 0 {
			return groups[:i]
		}
	}
	return groups
}
