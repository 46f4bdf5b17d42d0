package wisdm

import (
	"math"
	"slices"
	"time"
)

// Summary sums up the rows of one group.
type Summary struct {
	Count       int64
	X, Y, Z     Stat
	First, Last time.Time // the smallest and the largest event time
}

// Stat sums up one value of the rows of a group, in that value's unit.
type Stat struct {
	Min, Max, Mean float64
	sorted         []float64
}

// Percentile returns the value below which p percent of the values lie, p from
// 0 (the smallest) to 100 (the largest); NaN for any other p and without
// values. Between two values it interpolates linearly: with n of them, sorted
// and counted from 0, it is the one at p/100·(n−1). This is definition 7 of
// Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
// Statistician 50 (1996), the default of R and NumPy. Elasticsearch's
// percentiles aggregation only approximates it (t-digest), so compare with a
// tolerance.
func (s Stat) Percentile(p float64) float64 {
	if len(s.sorted) == 0 || !(p >= 0 && p <= 100) {
		return math.NaN()
	}
	whole, part := math.Modf(p / 100 * float64(len(s.sorted)-1))
	below := s.sorted[int(whole)]
	if part == 0 {
		return below
	}
	return below + part*(s.sorted[int(whole)+1]-below)
}

// samples collects the rows of a group.
type samples struct {
	values      [3][]float64
	first, last time.Time
}

func (s *samples) add(r Row) {
	if len(s.values[0]) == 0 {
		s.first, s.last = r.Time, r.Time
	}
	for i, value := range [...]float64{r.X, r.Y, r.Z} {
		s.values[i] = append(s.values[i], value)
	}
	if r.Time.Before(s.first) {
		s.first = r.Time
	}
	if r.Time.After(s.last) {
		s.last = r.Time
	}
}

func (s *samples) summary() Summary {
	return Summary{
		Count: int64(len(s.values[0])),
		X:     NewStat(s.values[0]), Y: NewStat(s.values[1]), Z: NewStat(s.values[2]),
		First: s.first, Last: s.last,
	}
}

// NewStat sums up values, at least one, and sorts them in place.
func NewStat(values []float64) Stat {
	mean := sum(values) / float64(len(values))
	slices.Sort(values)
	return Stat{Min: values[0], Max: values[len(values)-1], Mean: mean, sorted: values}
}

// sum adds values up with Neumaier's compensation. A plain loop over millions of
// rows loses digits that an engine which adds partial sums keeps, and a tolerance
// wide enough for that would hide real differences.
func sum(values []float64) float64 {
	var total, lost float64
	for _, v := range values {
		next := total + v
		if math.Abs(total) >= math.Abs(v) {
			lost += total - next + v
		} else {
			lost += v - next + total
		}
		total = next
	}
	return total + lost
}
