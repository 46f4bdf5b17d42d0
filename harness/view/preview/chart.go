package preview

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// maxSeries is how many lines can be distinguished.
const maxSeries = 10

// rangeSlack is how many times longer than the data the dashboard's time range may
// be and still be drawn completely.
const rangeSlack = 8

// chart is a panel's table drawn as lines or bars.
type chart struct {
	by             panel.Grouping
	xTitle, yTitle string
	series         []*series
	names          []string // of the terms, at 0, 1, 2…
	width          float64  // of a bucket; 1 for terms
	bars           bool
	x, y           span
	notes          []string
}

// series holds one metric's values, in ascending order of at.
type series struct {
	name       string
	at, values []float64
}

type span struct{ min, max float64 }

// newChart returns nil if there is nothing to draw.
func newChart(d Drawn) *chart {
	p := d.Panel
	axis := axisOf(p.Buckets)
	if len(d.Table) == 0 || axis < 0 || len(p.Metrics) == 0 {
		return nil
	}
	b := p.Buckets[axis]
	c := &chart{
		by: b.By, xTitle: bucketTitle(b), yTitle: valueTitle(p.Metrics),
		width: b.Interval, bars: p.Kind != panel.Line,
	}
	if b.By == panel.Terms {
		c.width = 1
	}
	c.fill(p, d.Table, axis)
	if p.Stacked && !c.bars {
		c.stack()
	}
	if !c.bound(p) {
		return nil
	}
	return c
}

// axisOf chooses the bucket for the x axis: time before numbers before terms. The
// others become series.
func axisOf(buckets []panel.Bucket) int {
	for _, by := range []panel.Grouping{panel.DateHistogram, panel.Histogram, panel.Terms} {
		if i := slices.IndexFunc(buckets, func(b panel.Bucket) bool { return b.By == by }); i >= 0 {
			return i
		}
	}
	return -1
}

func (c *chart) fill(p panel.Panel, table panel.Table, axis int) {
	byName := map[string]*series{}
	left := map[string]bool{}
	for _, point := range table {
		at, ok := c.place(point.Keys[axis])
		if !ok {
			c.notes = append(c.notes, fmt.Sprintf("bucket %q can't be placed on the axis", printable.Line(point.Keys[axis])))
			continue
		}
		others := slices.Delete(slices.Clone(point.Keys), axis, axis+1)
		for i, m := range p.Metrics {
			name := seriesName(others, m, len(p.Metrics) > 1)
			key := strings.Join(others, "\x00") + "\x00" + strconv.Itoa(i)
			s := byName[key]
			if s == nil && len(c.series) == maxSeries {
				left[key] = true
				continue
			}
			if s == nil {
				s = &series{name: name}
				byName[key] = s
				c.series = append(c.series, s)
			}
			s.at, s.values = append(s.at, at), append(s.values, point.Values[i])
		}
	}
	if len(left) > 0 {
		c.notes = append(c.notes, fmt.Sprintf("%d of %d series are drawn; the table has all", maxSeries, maxSeries+len(left)))
	}
}

// stack adds to each series those before it.
func (c *chart) stack() {
	c.yTitle += ", stacked"
	below := map[float64]float64{}
	for _, s := range c.series {
		for i, at := range s.at {
			if drawable(s.values[i]) {
				s.values[i] += below[at]
				below[at] = s.values[i]
			}
		}
	}
}

func seriesName(others []string, m panel.Metric, several bool) string {
	parts := append([]string{}, others...)
	if several || len(parts) == 0 {
		parts = append(parts, m.Name())
	}
	return printable.Line(strings.Join(parts, " · "))
}

// place returns a key's position on the axis: milliseconds since 1970, a number, or
// the number of the term.
func (c *chart) place(key string) (float64, bool) {
	switch c.by {
	case panel.DateHistogram:
		t, err := time.Parse(time.RFC3339Nano, key)
		return float64(t.UnixMilli()), err == nil
	case panel.Histogram:
		v, err := strconv.ParseFloat(key, 64)
		return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
	}
	i := slices.Index(c.names, printable.Line(key))
	if i < 0 {
		i = len(c.names)
		c.names = append(c.names, printable.Line(key))
	}
	return float64(i), true
}

// bound sets the ends of the axes. It returns false if there is no value at all.
func (c *chart) bound(p panel.Panel) bool {
	c.x, c.y = span{math.Inf(1), math.Inf(-1)}, span{math.Inf(1), math.Inf(-1)}
	for _, s := range c.series {
		for i, v := range s.values {
			if drawable(v) {
				c.y.hold(v)
			}
			c.x.hold(s.at[i])
		}
	}
	if c.y.min > c.y.max {
		return false
	}
	if c.bars {
		c.y.hold(0)
	}
	c.y = c.y.wider(0.06, !c.bars || c.y.min < 0, !c.bars || c.y.max > 0)
	c.boundX(p.Range)
	if !c.y.finite() || !c.x.finite() {
		c.notes = append(c.notes, "the values are too far apart to be drawn; the table has them")
		c.series = nil
	}
	return true
}

func (c *chart) boundX(shown panel.Range) {
	switch c.by {
	case panel.Terms:
		c.x = span{-0.5, float64(len(c.names)) - 0.5}
		return
	case panel.DateHistogram:
		whole := span{float64(shown.From.UnixMilli()), float64(shown.To.UnixMilli())}
		data := c.x.max - c.x.min + c.width
		if length := whole.max - whole.min; length > 0 && length <= rangeSlack*data {
			c.x.hold(whole.min)
			c.x.hold(whole.max)
		} else if length > 0 {
			c.notes = append(c.notes, "the time axis is shortened to where there are rows")
		}
	}
	if c.bars {
		c.x.max += c.width
	} else if c.x.min == c.x.max {
		c.x = span{c.x.min - c.width, c.x.max + c.width}
	}
	c.x = c.x.wider(0.01, true, true)
}

// drawable leaves room for arithmetic.
func drawable(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e300 }

func (s *span) hold(v float64) { s.min, s.max = min(s.min, v), max(s.max, v) }

func (s span) finite() bool { return !math.IsInf(s.max-s.min, 0) && s.max > s.min }

// wider extends the span by a fraction at its ends. An empty span gets a width.
func (s span) wider(by float64, below, above bool) span {
	slack := by * (s.max - s.min)
	if s.max == s.min {
		below, above = true, true
		if slack = 0.5 * math.Abs(s.max); slack == 0 {
			slack = 1
		}
	}
	if below {
		s.min -= slack
	}
	if above {
		s.max += slack
	}
	return s
}
