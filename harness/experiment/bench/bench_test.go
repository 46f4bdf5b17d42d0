package bench

import (
	"math"
	"strings"
	"testing"
)

// sample has a figure of each kind: with two sides or one, with a goal that is
// met, missed or of the value, and one that came out wrong.
func sample() Report {
	bridge := compare("bridge / discarding subscriber", "rows/s", []pair{{160_000, 175_000}, {170_000, 171_000}, {150_000, 180_000}}, 0.7, false)
	boot := compare("boot side by side / its floor", "s", []pair{{8.3, 10.6}, {8.1, 10.8}, {8.4, 10}}, 0.6, true)
	boot.Detail = "the floor is of seven | servers"
	kafka := informative(compare("boot with an empty cache / with a full one", "s", []pair{{4, 2}, {4.4, 2}, {5, 2}}, 0, true))
	kafka.Of, kafka.Detail = "kafka", "installs 93 jars"
	latency := alone("added latency, p99", "ms", Lower, []float64{4.2, 3.9, 6}).withGoal(Goal{OfOurs, AtMost, 10})
	lost := compare("bridge / Kafka Connect", "rows/s", []pair{{160_000, 31_000}, {170_000, 30_000}, {150_000, 29_000}}, 3, false)
	lost.Wrong, lost.Detail = "it may lose none", "3 of 600,000 were lost"
	r := Report{
		Schema: SchemaID, Machine: Machine{Cores: 2, MiB: 24 << 10, Arch: "linux/amd64", CPU: "Example 3000"},
		Revision: "0123456789ab", Rows: 200_000, Runs: 3, Figures: []Figure{bridge, boot, kafka, latency, lost},
	}
	for i, part := range []string{"bridge", "boot", "cold", "latency", "connect"} {
		r.Figures[i].Part = part
	}
	return r
}

func TestCompareSumsUp(t *testing.T) {
	runs := []pair{{90, 100}, {50, 100}, {80, 100}}
	f := compare("bridge", "rows/s", runs, 0.7, false)
	if f.Ours.Median != 80 || f.Theirs.Median != 100 || f.Ratio.Median != 0.8 || f.Ratio.Min != 0.5 || f.Ratio.Max != 0.9 {
		t.Errorf("figure = %+v, %+v, %+v", f.Ours, f.Theirs, f.Ratio)
	}
	if len(f.Ours.Runs) != 3 || f.Ours.Runs[1] != 50 || f.Better != Higher {
		t.Errorf("the runs aren't kept: %+v", f)
	}
}

func TestGoals(t *testing.T) {
	two := func(goal float64, atMost bool) Figure { return compare("x", "s", []pair{{80, 100}}, goal, atMost) }
	one := func(g Goal) Figure { return alone("x", "ms", Lower, []float64{8}).withGoal(g) }
	cases := []struct {
		name string
		Figure
		met  bool
		goal string
	}{
		{"at least", two(0.7, false), true, "≥ 0.7"},
		{"just", two(0.8, false), true, "≥ 0.8"},
		{"below", two(0.85, false), false, "≥ 0.85"},
		{"at most", two(0.9, true), true, "≤ 0.9"},
		{"just at most", two(0.8, true), true, "≤ 0.8"},
		{"above", two(0.6, true), false, "≤ 0.6"},
		{"value", one(Goal{OfOurs, AtMost, 10}), true, "≤ 10 ms"},
		{"value above", one(Goal{OfOurs, AtMost, 7.5}), false, "≤ 7.5 ms"},
		{"no ratio to judge", one(Goal{OfRatio, AtLeast, 0}), false, "≥ 0"},
		{"none", informative(two(0.6, true)), true, "none"},
	}
	for _, c := range cases {
		if c.Met != c.met || c.goal != c.Figure.goal() {
			t.Errorf("%s: met %v, goal %q; want %v, %q", c.name, c.Met, c.Figure.goal(), c.met, c.goal)
		}
	}
}

// TestNoNumber: 0 rows in 0 seconds isn't a rate, and JSON can't hold it.
func TestNoNumber(t *testing.T) {
	for name, f := range map[string]Figure{
		"NaN":      alone("x", "rows/s", Higher, []float64{1, math.NaN()}),
		"infinite": compare("x", "rows/s", []pair{{1, 0}}, 0.5, false),
		"none":     alone("x", "s", Lower, nil),
	} {
		if f.Wrong == "" || math.IsNaN(f.Ours.Median) || f.Ratio != nil && math.IsInf(f.Ratio.Median, 0) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestMedian(t *testing.T) {
	for want, values := range map[float64][]float64{0: nil, 3: {3}, 2: {1, 3}, 5: {9, 1, 5}} {
		if got := median(values); got != want {
			t.Errorf("median(%v) = %v, want %v", values, got, want)
		}
	}
}

func TestPercentile(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(i+1))
	}
	for share, want := range map[float64]float64{0: 1, 0.5: 50, 0.9: 90, 0.99: 99, 0.991: 100, 1: 100} {
		if got := percentile(hundred, share); got != want {
			t.Errorf("percentile(%v) = %v, want %v", share, got, want)
		}
	}
	if got := percentile([]float64{7}, 0.99); got != 7 {
		t.Errorf("of one value: %v", got)
	}
	if got := percentile(nil, 0.5); got != 0 {
		t.Errorf("of none: %v", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0.00", 0.064: "0.06", 8.31: "8.31", 12.34: "12.3", 99.96: "100.0", 416.4: "416", 68693.4: "68,693", 10_300_000: "10.3 M", -1.5: "-1.50"} {
		if got := number(v); got != want {
			t.Errorf("number(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestReader(t *testing.T) {
	figures, err := Reader(t.Context(), t.TempDir(), 5000, 1)
	if err != nil || len(figures) != 2 || figures[0].Ours.Median <= 0 || figures[0].Goal != nil {
		t.Errorf("figures = %+v, %v", figures, err)
	}
}

func TestFailures(t *testing.T) {
	r := sample()
	failed := strings.Join(r.Failures(), "\n")
	for _, want := range []string{
		"boot side by side / its floor misses its goal: the ratio is 0.78, and it must be ≤ 0.6",
		"bridge / Kafka Connect: it may lose none",
	} {
		if !strings.Contains(failed, want) {
			t.Errorf("the failures lack %q:\n%s", want, failed)
		}
	}
	if len(r.Failures()) != 2 {
		t.Errorf("failures = %q", r.Failures())
	}
	r.Short = true // what is wrong stays wrong
	if failed := r.Failures(); len(failed) != 1 || !strings.Contains(failed[0], "may lose none") {
		t.Errorf("failures of the short form = %q", failed)
	}
}
