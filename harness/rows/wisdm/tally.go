package wisdm

import (
	"cmp"
	"fmt"
	"math"
	"time"
)

// Group is the key by which a [Tally] sums rows up.
type Group struct {
	Subject        int
	Activity       string
	Device, Sensor string
}

// Group returns the group that r belongs to.
func (r Row) Group() Group { return Group{r.Subject, r.Activity, r.Device, r.Sensor} }

// String returns the group's name, such as "activity A of subject 1600, watch accel".
func (g Group) String() string {
	return fmt.Sprintf("activity %s of subject %d, %s %s", g.Activity, g.Subject, g.Device, g.Sensor)
}

func compareGroups(a, b Group) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Activity, b.Activity),
		cmp.Compare(a.Device, b.Device), cmp.Compare(a.Sensor, b.Sensor))
}

// Sum is what is kept of the rows of one group.
type Sum struct {
	Rows        int64
	Print       Fingerprint
	Mix         Mix
	First, Last time.Time // the smallest and the largest event time
	axes        [3]axis   // of x, y and z
}

// Stats returns minimum, maximum and mean of x, y and z, without percentiles.
func (s *Sum) Stats() [3]Stat {
	var stats [3]Stat
	for i, a := range s.axes {
		stats[i] = Stat{Min: a.min, Max: a.max, Mean: (a.total + a.lost) / float64(s.Rows)}
	}
	return stats
}

func (s *Sum) add(r Row, print Fingerprint) {
	if s.Rows == 0 {
		s.First, s.Last = r.Time, r.Time
	}
	s.Rows++
	s.Print, s.Mix = s.Print.Plus(print), s.Mix.Plus(r.Mix())
	if r.Time.Before(s.First) {
		s.First = r.Time
	}
	if r.Time.After(s.Last) {
		s.Last = r.Time
	}
	for i, value := range [...]float64{r.X, r.Y, r.Z} {
		s.axes[i].add(value, s.Rows == 1)
	}
}

// axis sums up one value, as sum does.
type axis struct{ min, max, total, lost float64 }

func (a *axis) add(v float64, first bool) {
	if first {
		a.min, a.max = v, v
	}
	a.min, a.max = min(a.min, v), max(a.max, v)
	next := a.total + v
	if math.Abs(a.total) >= math.Abs(v) {
		a.lost += a.total - next + v
	} else {
		a.lost += v - next + a.total
	}
	a.total = next
}

// Tally sums rows up by group and keeps nothing else: its size depends on the
// number of groups, at most 3,672 in the dataset.
type Tally struct {
	rows   int64
	groups map[Group]*Sum
	latest Group // the group of the previous row, most often that of the next one too
	sum    *Sum
}

// NewTally returns an empty Tally.
func NewTally() *Tally { return &Tally{groups: map[Group]*Sum{}} }

// Add counts r in.
func (t *Tally) Add(r Row) { t.add(r, r.Print()) }

func (t *Tally) add(r Row, print Fingerprint) {
	if group := r.Group(); t.sum == nil || group != t.latest {
		t.latest, t.sum = group, t.groups[group]
		if t.sum == nil {
			t.sum = &Sum{}
			t.groups[group] = t.sum
		}
	}
	t.rows++
	t.sum.add(r, print)
}

// Rows returns how many rows were added.
func (t *Tally) Rows() int64 { return t.rows }

// Groups returns the sums, by group. Don't change them: they are the tally's own.
func (t *Tally) Groups() map[Group]*Sum { return t.groups }
