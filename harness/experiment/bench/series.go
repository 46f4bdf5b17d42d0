package bench

import (
	"fmt"
	"math"
	"slices"
)

// Series is what the runs have given, in their order, and summed up.
type Series struct {
	Median float64   `json:"median"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
	Runs   []float64 `json:"runs"`
}

func series(values []float64) Series {
	if len(values) == 0 {
		return Series{Runs: []float64{}}
	}
	return Series{Median: median(values), Min: slices.Min(values), Max: slices.Max(values), Runs: values}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n == 0 {
		return 0
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// finite puts 0 for what isn't a number, which JSON can't hold, and reports whether
// there was any.
func finite(values []float64) (clean []float64, all bool) {
	all = true
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			v, all = 0, false
		}
		clean = append(clean, v)
	}
	return clean, all
}

// percentile returns the value that a share of all, 0 to 1, doesn't exceed: the
// nearest rank, which is one of the values.
func percentile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// check reports a series that doesn't fit its runs.
func (s Series) check() error {
	want := series(s.Runs)
	if s.Median != want.Median || s.Min != want.Min || s.Max != want.Max {
		return fmt.Errorf("median %v, least %v and largest %v aren't those of its runs %v", s.Median, s.Min, s.Max, s.Runs)
	}
	return nil
}
