package wisdm

import (
	"math"
	"testing"
)

func TestPercentile(t *testing.T) {
	// The values are numpy.percentile's with its default method.
	cases := []struct {
		values  []float64
		p, want float64
	}{
		{[]float64{15, 20, 35, 40, 50}, 40, 29},
		{[]float64{50, 15, 40, 20, 35}, 40, 29},
		{[]float64{15, 20, 35, 40, 50}, 0, 15},
		{[]float64{15, 20, 35, 40, 50}, 100, 50},
		{[]float64{15, 20, 35, 40, 50}, 50, 35},
		{[]float64{1, 2, 3, 4}, 75, 3.25},
		{[]float64{-1, 1}, 2, -0.96},
		{[]float64{7}, 33, 7},
		{[]float64{1, 2}, -1, math.NaN()},
		{[]float64{1, 2}, 100.5, math.NaN()},
		{[]float64{1, 2}, math.NaN(), math.NaN()},
	}
	for _, c := range cases {
		got := NewStat(c.values).Percentile(c.p)
		if math.IsNaN(c.want) != math.IsNaN(got) || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("percentile %v of %v is %v, want %v", c.p, c.values, got, c.want)
		}
	}
	if got := (Stat{}).Percentile(50); !math.IsNaN(got) {
		t.Errorf("without values it is %v, want NaN", got)
	}
}

func TestMeanIsStable(t *testing.T) {
	// A plain sum gives 0 for the first and is off in the 9th digit for the
	// second.
	if got := NewStat([]float64{1, 1e100, 1, -1e100}).Mean; got != 0.5 {
		t.Errorf("the mean is %v, want 0.5", got)
	}
	values := make([]float64, 10_000_001)
	for i := range values {
		values[i] = 0.1
	}
	values[0] = 1e9
	if got, want := sum(values), 1e9+0.1*1e7; math.Abs(got-want) > 1e-6 {
		t.Errorf("the sum is off by %g", got-want)
	}
}
