package panel

import (
	"fmt"
	"math"
	"strings"

	"hoplab.example/harness/rows/wisdm"
)

// roundingTolerance is relative to the largest value: the order of additions may
// change a mean and a sum, and interpolation a percentile.
const roundingTolerance = 1e-9

// rankTolerance is in percentage points. Elasticsearch's percentiles are
// approximate (t-digest, compression 100): the centroid that quantile q is read
// from stands for at most 4·q·(1−q)/100 of the rows (tdunning/t-digest,
// AVLTreeDigest.java), one in a hundred at the median, and the estimate is off by half
// of that. One more row on either side is allowed, because the digest interpolates
// differently from the oracle.
const rankTolerance = 0.5

// maxDifferences is how many differences are reported per panel.
const maxDifferences = 5

// Compare lists where a panel's table differs from what the oracle expects. Counts,
// minima and maxima must be equal, means and sums within 1e-9 of the largest value,
// percentiles within half a percentage point and one row of rank.
func Compare(p Panel, got Table, oracle *wisdm.Oracle) ([]string, error) {
	want, err := Expect(p, oracle)
	if err != nil {
		return nil, err
	}
	if problem := noData(p, got, want, oracle); problem != "" {
		return []string{problem}, nil
	}
	c := comparison{panel: p, rows: p.rowsByKey(oracle)}
	have := map[string]Point{}
	for _, point := range got {
		have[point.key()] = point
	}
	for _, point := range want {
		found, there := have[point.key()]
		delete(have, point.key())
		if !there {
			c.add(point, "is missing, want %d rows", point.Count)
			continue
		}
		c.point(found, point)
	}
	for _, point := range got {
		if _, left := have[point.key()]; left {
			c.add(point, "has %d rows, want none", point.Count)
		}
	}
	if len(c.found) == 0 {
		c.order(got, want)
	}
	return c.result(), nil
}

func noData(p Panel, got, want Table, oracle *wisdm.Oracle) string {
	if len(got) > 0 && len(want) > 0 {
		return ""
	}
	all := oracle.Group(wisdm.All)["all"]
	data := Range{all.First, all.Last}
	switch {
	case len(want) == 0 && p.Range.outside(data):
		return fmt.Sprintf("%s: no data: the dashboard shows %s, and the rows are from %s", p, p.Range, data)
	case len(want) == 0:
		return fmt.Sprintf("%s: no data: no row matches its filter", p)
	}
	return fmt.Sprintf("%s: no data: the index has nothing to show from %s; the rows expected there are from %s", p, p.Range, data)
}

func (r Range) outside(data Range) bool { return data.To.Before(r.From) || data.From.After(r.To) }

func (p Point) key() string { return strings.Join(p.Keys, "\x00") }

type comparison struct {
	panel Panel
	rows  map[string][]wisdm.Row
	found []string
	more  int
}

func (c *comparison) add(at Point, format string, args ...any) {
	if len(c.found) == maxDifferences {
		c.more++
		return
	}
	where := ""
	if len(at.Keys) > 0 {
		where = "bucket " + strings.Join(at.Keys, ", ") + ": "
	}
	c.found = append(c.found, fmt.Sprintf("%s: %s%s", c.panel, where, fmt.Sprintf(format, args...)))
}

func (c *comparison) result() []string {
	if c.more > 0 {
		return append(c.found, fmt.Sprintf("%s: and %d more differences", c.panel, c.more))
	}
	return c.found
}

func (c *comparison) point(got, want Point) {
	if got.Count != want.Count {
		c.add(want, "%d rows, want %d", got.Count, want.Count)
		return // other rows have other numbers anyway
	}
	for i, m := range c.panel.Metrics {
		if low, high := m.bounds(c.rows[want.key()], want.Values[i]); !(low <= got.Values[i] && got.Values[i] <= high) { // true for a NaN too
			c.add(want, "%s is %v, want %s", m, got.Values[i], between(low, high, want.Values[i]))
		}
	}
}

func between(low, high, want float64) string {
	if low == high {
		return fmt.Sprint(want)
	}
	return fmt.Sprintf("%v (%v to %v)", want, low, high)
}

// bounds returns the least and the greatest value accepted for a metric of these
// rows. What Elasticsearch adds up or interpolates is rounded: a percentile may be
// 5e-16 below the least value.
func (m Metric) bounds(rows []wisdm.Row, want float64) (low, high float64) {
	if m.Of != Avg && m.Of != Sum && m.Of != Percentile {
		return want, want
	}
	stat := m.stat(rows)
	slack := roundingTolerance * max(math.Abs(stat.Min), math.Abs(stat.Max))
	switch m.Of {
	case Sum:
		slack *= float64(len(rows))
	case Percentile:
		ranks := rankTolerance + 100/float64(len(rows))
		return stat.Percentile(max(0, m.Percent-ranks)) - slack, stat.Percentile(min(100, m.Percent+ranks)) + slack
	}
	return want - slack, want + slack
}

// order reports the first bucket that is drawn in the wrong place.
func (c *comparison) order(got, want Table) {
	for i, point := range want {
		if got[i].key() != point.key() {
			c.add(point, "is drawn in the wrong place: bucket %s is there", strings.Join(got[i].Keys, ", "))
			return
		}
	}
}

// rowsByKey returns each point's rows.
func (p Panel) rowsByKey(oracle *wisdm.Oracle) map[string][]wisdm.Row {
	rows := map[string][]wisdm.Row{}
	for _, row := range oracle.Rows() {
		if !p.shows(row) {
			continue
		}
		point := Point{}
		for _, b := range p.Buckets {
			key, _ := b.keyOf(row)
			point.Keys = append(point.Keys, key)
		}
		rows[point.key()] = append(rows[point.key()], row)
	}
	return rows
}
