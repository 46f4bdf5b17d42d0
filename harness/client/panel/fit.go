package panel

import (
	"math"

	"hoplab.example/harness/rows/wisdm"
)

// Fit is how a program chooses the interval of a histogram over numbers from the
// data. The zero Fit leaves the interval as it is.
type Fit struct {
	// Auto: the panel gives no interval.
	Auto bool
	// Bars is how many buckets there may be between the least and the greatest value.
	Bars float64
}

// Fitted returns the panel with the intervals that Kibana would choose for the rows
// that the panel shows, after asking for their least and greatest value. A field of
// these types is an integer's.
//
// Sources: searches of Kibana 7.17.6 for given intervals, and
// src/plugins/data/common/search/aggs/buckets/lib/histogram_calculate_interval.ts of
// github.com/elastic/kibana for "auto".
func Fitted(p Panel, types map[string]string, oracle *wisdm.Oracle) Panel {
	buckets := make([]Bucket, len(p.Buckets))
	for i, b := range p.Buckets {
		if b.Fit != (Fit{}) {
			b.Interval, b.Fit = b.fitted(p.spread(b.Field, oracle), integer[types[b.Field]]), Fit{}
		}
		buckets[i] = b
	}
	if len(buckets) > 0 {
		p.Buckets = buckets
	}
	return p
}

// Unfitted returns the field of a histogram that has no interval before Fitted, or "".
func Unfitted(p Panel) string {
	for _, b := range p.Buckets {
		if b.Fit.Auto {
			return b.Field
		}
	}
	return ""
}

var integer = map[string]bool{"long": true, "integer": true, "short": true, "byte": true}

// spread returns the difference between the greatest and the least value, 0 without
// rows.
func (p Panel) spread(name string, oracle *wisdm.Oracle) float64 {
	field, known := fields[name]
	if !known {
		return 0 // Expect reports it
	}
	least, greatest := math.Inf(1), math.Inf(-1)
	for _, row := range oracle.Rows() {
		if p.shows(row) {
			least, greatest = min(least, field.number(row)), max(greatest, field.number(row))
		}
	}
	return max(0, greatest-least)
}

func (b Bucket) fitted(spread float64, integers bool) float64 {
	bars := b.Fit.Bars
	switch {
	case spread == 0 && b.Fit.Auto:
		return 1
	case spread == 0 || !b.Fit.Auto && spread/b.Interval <= bars:
		return b.Interval
	case !b.Fit.Auto:
		return roundUp(spread / bars)
	case integers && spread < bars:
		return 1
	}
	power := powerBelow(spread / bars)
	for _, factor := range []float64{1, 2, 5} {
		if spread/power/factor <= bars {
			return power * factor
		}
	}
	return power * 10
}

// roundUp returns the next multiple of the power of ten below it. It is found by
// adding, whose rounding Kibana's searches have: 0.30000000000000004.
func roundUp(least float64) float64 {
	power := powerBelow(least)
	interval := power
	for interval < least {
		interval += power
	}
	return interval
}

func powerBelow(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v))) }
