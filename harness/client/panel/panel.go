// Package panel says what one chart of a dashboard shows, whichever program
// draws it: which rows, in which buckets, and which numbers of each bucket.
// From that it works out the same numbers from the input rows, so that what
// Elasticsearch answers to the chart's query can be compared with them.
//
// The readers of Kibana's and Grafana's files make Panels and the queries that
// these two would send; what the answers mean is the same for both.
package panel

import (
	"fmt"
	"time"
)

// Kind is how a panel is drawn.
type Kind string

// The kinds.
const (
	Line Kind = "line"
	Bar  Kind = "bar"
	Stat Kind = "stat" // numbers, a set a bucket where there are buckets
)

// Panel is one chart.
type Panel struct {
	File  string // of the dashboard
	ID    string // the file's own name for it
	Title string
	Kind  Kind
	View  View
	Range Range
	// Filter has what a row must have to be shown: all of it.
	Filter []Term
	// Buckets are the groups of the rows, the outermost first.
	Buckets []Bucket
	// Metrics are the numbers of each bucket, or of all rows.
	Metrics []Metric
}

// String names the panel as errors do.
func (p Panel) String() string { return fmt.Sprintf("%s: panel %q (%s)", p.File, p.Title, p.ID) }

// View is where a panel's rows come from: a data view of Kibana's, a data
// source of Grafana's.
type View struct {
	Name      string
	Index     string
	TimeField string // "" where there is none
}

// Range is the time that a dashboard shows, both ends included.
type Range struct{ From, To time.Time }

// Has tells whether t is shown.
func (r Range) Has(t time.Time) bool { return !t.Before(r.From) && !t.After(r.To) }

// Shift returns the range, moved.
func (r Range) Shift(by time.Duration) Range { return Range{r.From.Add(by), r.To.Add(by)} }

func (r Range) String() string { return stamp(r.From) + " to " + stamp(r.To) }

// Term says that a field has one of some values.
type Term struct {
	Field  string
	Values []string
}

// Grouping is what a bucket's rows have in common.
type Grouping string

// The groupings, by the names of Elasticsearch's aggregations.
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
	// Interval is a histogram's, in the field's unit; in milliseconds for a
	// date histogram.
	Interval float64
	// Size is how many terms are shown, 0 for all, and ByKey and Ascending are
	// their order; otherwise they are ordered by how many rows they have.
	Size             int
	ByKey, Ascending bool
}

// Reckoning is how a number is made of a bucket's values.
type Reckoning string

// The reckonings, by the names of Elasticsearch's aggregations.
const (
	Count      Reckoning = "count"
	Avg        Reckoning = "avg"
	Min        Reckoning = "min"
	Max        Reckoning = "max"
	Sum        Reckoning = "sum"
	Percentile Reckoning = "percentiles"
	Unique     Reckoning = "cardinality"
)

// Metric is one number of a bucket.
type Metric struct {
	// ID is the aggregation's name in the query. Percentiles of one aggregation
	// have it in common.
	ID      string
	Of      Reckoning
	Field   string  // "" for a count
	Percent float64 // of a percentile, 0 to 100
	Label   string  // as drawn; "" for the usual one
}

// String names the metric, such as "avg of x" or "percentile 2 of x".
func (m Metric) String() string {
	switch m.Of {
	case Count:
		return "count"
	case Percentile:
		return fmt.Sprintf("percentile %v of %s", m.Percent, m.Field)
	}
	return string(m.Of) + " of " + m.Field
}

// Name is the metric's label, or else what it is.
func (m Metric) Name() string {
	if m.Label != "" {
		return m.Label
	}
	return m.String()
}

// Point is what a panel shows of one bucket.
type Point struct {
	// Keys are the bucket's, the outermost first: a time as RFC 3339 with
	// milliseconds, a number as Go prints it, a term as it is.
	Keys   []string
	Count  int64     // rows
	Values []float64 // one a metric; NaN where there is none
}

// Table is what a panel shows: a point a bucket that has rows, in the order in
// which it is drawn. A panel without buckets has one point.
type Table []Point

// stampFormat is RFC 3339 with milliseconds always, so that keys sort as times.
const stampFormat = "2006-01-02T15:04:05.000Z07:00"

func stamp(t time.Time) string { return t.UTC().Format(stampFormat) }
