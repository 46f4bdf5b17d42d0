// Package panel describes what one chart of a dashboard shows, whichever program
// draws it: which rows, in which buckets, and which numbers for each bucket. It
// computes the same numbers from the input rows, for comparison with
// Elasticsearch's answer to the chart's query.
//
// The readers of Kibana's and Grafana's files build Panels and the queries that
// these two would send; the answers mean the same for both.
package panel

import (
	"fmt"
	"strings"
	"time"
)

// Kind is how a panel is drawn.
type Kind string

// The kinds.
const (
	Line Kind = "line"
	Bar  Kind = "bar"
	Stat Kind = "stat" // numbers; one set per bucket if there are buckets
)

// Panel is one chart.
type Panel struct {
	File  string // of the dashboard
	ID    string // as in the file
	Title string
	Kind  Kind
	// Stacked: each line begins where the one before it ends, so their values add up.
	Stacked bool
	View    View
	Range   Range
	// Filter lists the conditions that a row must meet to be shown.
	Filter []Term
	// Buckets are the groups of the rows, the outermost first.
	Buckets []Bucket
	// Metrics are the numbers of each bucket, or of all rows.
	Metrics []Metric
}

// String returns the panel as errors name it.
func (p Panel) String() string { return fmt.Sprintf("%s: panel %q (%s)", p.File, p.Title, p.ID) }

// View is where a panel's rows come from: a data view in Kibana, a data source in
// Grafana.
type View struct {
	Name      string
	Index     string
	TimeField string // "" where there is none
}

// Has reports whether the view, whose Index may be a list with * in its names, shows an
// index. A name after - is left out. Source: Kibana's guide, "Create a data view".
func (v View) Has(index string) bool {
	shown := false
	for _, name := range strings.Split(v.Index, ",") {
		pattern, left := strings.CutPrefix(strings.TrimSpace(name), "-")
		if matches(pattern, index) {
			shown = !left
		}
	}
	return shown
}

func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	for i, part := range parts {
		at := strings.Index(name, part)
		last := i == len(parts)-1
		if last {
			at = strings.LastIndex(name, part)
		}
		if at < 0 || i == 0 && at != 0 || last && i > 0 && at+len(part) != len(name) {
			return false
		}
		name = name[at+len(part):]
	}
	return len(parts) > 1 || name == ""
}

// Range is the time range that a dashboard shows, both ends included.
type Range struct{ From, To time.Time }

// Always is the range of a panel that has none.
var Always = Range{To: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}

// Has reports whether t is in the range.
func (r Range) Has(t time.Time) bool { return !t.Before(r.From) && !t.After(r.To) }

func (r Range) String() string { return stamp(r.From) + " to " + stamp(r.To) }

// Grouping is how rows are put into buckets.
type Grouping string

// The groupings, named as Elasticsearch's aggregations.
const (
	DateHistogram Grouping = "date_histogram"
	Histogram     Grouping = "histogram"
	Terms         Grouping = "terms"
)

// Bucket groups rows by a field.
type Bucket struct {
	ID    string // the aggregation's name in the query
	By    Grouping
	Field string
	// Interval is a histogram's, in the field's unit, or in milliseconds for a
	// date histogram.
	Interval float64
	Fit      Fit // of a histogram's interval to the data
	// Calendar is a date histogram's unit in place of Interval: weeks begin on
	// Mondays, months and years are of different lengths.
	Calendar Calendar
	// Size is how many terms are shown, 0 for all. They are ordered by their
	// number of rows, by key with ByKey, or by a metric of this ID.
	Size             int
	ByKey, Ascending bool
	ByMetric         string
	// Empty: each group around them has all terms, those without rows too.
	Empty bool
}

// Calendar is a unit of date histograms, by Elasticsearch's name.
type Calendar string

// The units that aren't fixed intervals from 1970 on, of which Elasticsearch takes one
// only. Source: its guide, "Date histogram aggregation", calendar intervals.
const (
	Week  Calendar = "1w"
	Month Calendar = "1M"
	Year  Calendar = "1y"
)

// Units are those of fixed intervals.
var Units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
}

// Length is about how long the unit is; 0 for what is none.
func (c Calendar) Length() time.Duration {
	days := map[Calendar]time.Duration{Week: 7, Month: 30, Year: 365}
	return days[c] * Units["d"]
}

// start returns when the unit that holds t began, in UTC.
func (c Calendar) start(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	switch c {
	case Week:
		day -= (int(t.UTC().Weekday()) + 6) % 7
	case Month:
		day = 1
	case Year:
		month, day = time.January, 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Statistic is how a number is computed from a bucket's values.
type Statistic string

// The statistics, named as Elasticsearch's aggregations.
const (
	Count      Statistic = "count"
	Avg        Statistic = "avg"
	Min        Statistic = "min"
	Max        Statistic = "max"
	Sum        Statistic = "sum"
	Percentile Statistic = "percentiles"
	Unique     Statistic = "cardinality"
)

// Metric is one number of a bucket.
type Metric struct {
	// ID is the aggregation's name in the query. Percentiles of one aggregation
	// share it.
	ID      string
	Of      Statistic
	Field   string  // "" for a count
	Percent float64 // for a percentile, 0 to 100
	Label   string  // as drawn; "" for the default
}

// String describes the metric, such as "avg of x" or "percentile 2 of x".
func (m Metric) String() string {
	switch m.Of {
	case Count:
		return "count"
	case Percentile:
		return fmt.Sprintf("percentile %v of %s", m.Percent, m.Field)
	}
	return string(m.Of) + " of " + m.Field
}

// Name returns the metric's label, or its description without one.
func (m Metric) Name() string {
	if m.Label != "" {
		return m.Label
	}
	return m.String()
}

// Point is what a panel shows for one bucket.
type Point struct {
	// Keys are the keys of the bucket and those around it, the outermost first: a
	// time as RFC 3339 with milliseconds, a number as Go prints it, a term as it is.
	Keys   []string
	Count  int64     // rows
	Values []float64 // one per metric; NaN if there is none
}

// Table is what a panel shows: one point per bucket that has rows, in drawing
// order. A panel without buckets has one point.
type Table []Point

// stampFormat is RFC 3339 that always has milliseconds: its texts sort as times.
const stampFormat = "2006-01-02T15:04:05.000Z07:00"

func stamp(t time.Time) string { return t.UTC().Format(stampFormat) }
