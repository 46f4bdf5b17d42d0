package wisdm

import (
	"fmt"
	"strings"
	"time"
)

// CompareOptions say what a hop may do to the rows.
type CompareOptions struct {
	// AllowRepeats: the same row may come again, as with at-least-once delivery.
	AllowRepeats bool
	// Ordered: the rows of one subject must come in publishing order, repeats
	// aside, which is what Kafka guarantees for the records of one key.
	Ordered bool
}

// Compare compares rows observed at a hop with those expected: each must be
// there, each field equal (numbers exactly, Time to the millisecond). It
// returns nil if all is right.
func (s *RowSet) Compare(rows []Row, opt CompareOptions) *Difference {
	c := comparison{
		want: s, opt: opt, seen: make([]bool, len(s.rows)), latest: map[int]int{},
		diff: Difference{Expected: s.Count(), Actual: int64(len(rows))},
	}
	for _, row := range rows {
		c.take(row)
	}
	for i, seen := range c.seen {
		if !seen {
			c.diff.Missing++
			c.diff.example(missing, "%s: %s", s.rows[i].ID(), render(s.rows[i]))
		}
	}
	if c.diff.none() {
		return nil
	}
	return &c.diff
}

type comparison struct {
	want   *RowSet
	opt    CompareOptions
	seen   []bool
	latest map[int]int // the furthest row seen of each subject, as an index
	diff   Difference
}

func (c *comparison) take(row Row) {
	i := c.want.index(row.Stream(), row.Seq)
	if i < 0 {
		c.diff.Unexpected++
		c.diff.example(unexpected, "%s: %s", row.ID(), render(row))
		return
	}
	if changes := changes(row, c.want.rows[i]); changes != "" {
		c.diff.Changed++
		c.diff.example(changed, "%s: %s", row.ID(), changes)
	}
	if c.seen[i] {
		if !c.opt.AllowRepeats {
			c.diff.Repeated++
			c.diff.example(repeated, "%s: %s", row.ID(), render(row))
		}
		return
	}
	c.seen[i] = true
	c.order(row, i)
}

func (c *comparison) order(row Row, i int) {
	latest, some := c.latest[row.Subject]
	if some && i < latest {
		if c.opt.Ordered {
			c.diff.OutOfOrder++
			c.diff.example(outOfOrder, "%s came after %s, want it before", row.ID(), c.want.rows[latest].ID())
		}
		return
	}
	c.latest[row.Subject] = i
}

// changes lists the fields that differ, "" if none. Those that make up the ID are
// equal: the row was found by them.
func changes(got, want Row) string {
	var list []string
	note := func(field string, got, want any) {
		list = append(list, fmt.Sprintf("%s is %v, want %v", field, got, want))
	}
	if got.Activity != want.Activity {
		note("activity", fmt.Sprintf("%q", got.Activity), fmt.Sprintf("%q", want.Activity))
	}
	if got.TS != want.TS {
		note("ts", got.TS, want.TS)
	}
	for i, pair := range [...][2]float64{{got.X, want.X}, {got.Y, want.Y}, {got.Z, want.Z}} {
		if pair[0] != pair[1] {
			note(string("xyz"[i]), pair[0], pair[1])
		}
	}
	if got.Time.UnixMilli() != want.Time.UnixMilli() {
		note("event time", stamp(got.Time), stamp(want.Time))
	}
	return strings.Join(list, "; ")
}

func stamp(t time.Time) string { return t.UTC().Format(TimeLayout) }

// render writes a row for a person, without what its ID says.
func render(r Row) string {
	return fmt.Sprintf("activity %s, ts %d, x %v, y %v, z %v, event time %s", r.Activity, r.TS, r.X, r.Y, r.Z, stamp(r.Time))
}
