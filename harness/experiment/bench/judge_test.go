package bench

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hoplab.example/harness/util/golden"
)

func TestVerdicts(t *testing.T) {
	rate := func(v ...float64) Figure { return alone("rate", "rows/s", Higher, v) }
	took := func(v ...float64) Figure { return alone("boot", "s", Lower, v) }
	against := func(v ...float64) Figure { // theirs is as fast as the machine is: only the ratio is known
		var runs []pair
		for i, ratio := range v {
			theirs := 100 * float64(i+1)
			runs = append(runs, pair{ratio * theirs, theirs})
		}
		return compare("bridge", "rows/s", runs, 0.5, false)
	}
	slower := compare("bridge", "rows/s", []pair{{40, 50}, {41, 50}, {42, 50}}, 0.5, false)
	faster := compare("bridge", "rows/s", []pair{{500, 1000}, {520, 1000}, {540, 1000}}, 0.5, false)
	wrong := rate(300, 300, 300)
	wrong.Wrong = "rows were lost"
	other := took(10, 11, 12)
	other.Unit = "ms"
	cases := []struct {
		name     string
		was, is  Figure
		want     Verdict
		outside  bool
		inReason string
	}{
		{"faster", rate(10, 11, 12), rate(20, 21, 22), Better, true, ""},
		{"slower", rate(20, 21, 22), rate(10, 11, 12), Worse, true, ""},
		{"longer", took(10, 11, 12), took(20, 21, 22), Worse, true, ""},
		{"shorter", took(20, 21, 22), took(10, 11, 12), Better, true, ""},
		{"the ranges meet", rate(10, 11, 12), rate(12, 20, 22), Same, false, "within the spread"},
		{"the one holds the other", rate(10, 11, 30), rate(20, 21, 22), Same, false, "within the spread"},
		{"just apart, below the threshold", rate(100, 101, 102), rate(103, 104, 105), Same, true, "less than 5 %"},
		{"just at the threshold", rate(98, 100, 101), rate(104, 105, 106), Better, true, ""},
		{"two runs", rate(10, 11), rate(20, 21, 22), Unknown, true, "2 runs is too few"},
		{"one run", rate(10, 11, 12), rate(20), Unknown, true, "1 run is too few"},
		{"from nothing", rate(0, 0, 0), rate(20, 21, 22), Unknown, true, "0 can't be compared"},
		{"a slower machine", against(0.8, 0.82, 0.84), slower, Same, false, "within the spread"},
		{"a faster machine", against(0.8, 0.82, 0.84), faster, Worse, true, ""},
		{"a worse ratio", against(0.8, 0.82, 0.84), against(0.5, 0.52, 0.54), Worse, true, ""},
		{"wrong, though faster", rate(10, 11, 12), wrong, Faulty, true, "rows were lost"},
		{"was wrong", wrong, rate(10, 11, 12), Unknown, true, "the old one is wrong"},
		{"another unit", took(10, 11, 12), other, Unknown, false, "different ways"},
		{"another side", against(0.8, 0.82, 0.84), rate(1, 2, 3), Unknown, true, "different ways"},
	}
	for _, c := range cases {
		got := change(c.was, c.is, 5)
		if got.Verdict != c.want || got.Outside != c.outside || !strings.Contains(got.Why, c.inReason) {
			t.Errorf("%s: %s, outside %v, %q; want %s, %v, %q", c.name, got.Verdict, got.Outside, got.Why, c.want, c.outside, c.inReason)
		}
	}
}

// later is sample as another machine sees it later: the bridge is worse, the
// boot better, what was wrong is right, a figure is gone and another there.
func later() Report {
	r := sample()
	r.Machine.Cores, r.Machine.CPU, r.Rows = 4, "Example 4000", 100_000
	r.Figures[0] = compare("bridge / discarding subscriber", "rows/s", []pair{{80_000, 175_000}, {82_000, 171_000}, {84_000, 180_000}}, 0.7, false)
	r.Figures[1] = compare("boot side by side / its floor", "s", []pair{{5, 10.6}, {5.1, 10.8}, {5.2, 10}}, 0.6, true)
	r.Figures[3].Name = "added latency, p90"
	r.Figures[4].Wrong = ""
	r.Figures[0].Part, r.Figures[1].Part = "bridge", "boot"
	return r
}

func TestComparison(t *testing.T) {
	c := Compare(sample(), later(), DefaultThreshold)
	var out bytes.Buffer
	c.Print(&out, func(word string) string { return "<" + word + ">" })
	golden.Check(t, "testdata/compare.golden", out.String())
	text, err := c.JSON()
	if err != nil || !json.Valid(text) {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/compare.golden.json", string(text))
	if worse := c.Regressions(); len(worse) != 1 || worse[0].Part != "bridge" {
		t.Errorf("regressions = %+v", worse)
	}
}

func TestNothingChanged(t *testing.T) {
	r := sample()
	r.Figures[4].Wrong = ""
	c := Compare(r, r, DefaultThreshold)
	if len(c.Warnings) != 0 || len(c.Regressions()) != 0 {
		t.Errorf("%+v", c)
	}
	for _, ch := range c.Changes {
		if ch.Verdict != Same || *ch.Ours.Percent != 0 {
			t.Errorf("%s: %+v", ch.Title(), ch)
		}
	}
	if c := Compare(r, sample(), DefaultThreshold); len(c.Regressions()) != 1 {
		t.Errorf("what came out wrong isn't a regression: %+v", c.Regressions())
	}
}

func TestWarnings(t *testing.T) {
	all := strings.Join(Compare(sample(), later(), 5).Warnings, "\n")
	for _, want := range []string{"cores 2, and then 4", "processor Example 3000", "200000 rows for each side, and then 100000"} {
		if !strings.Contains(all, want) {
			t.Errorf("the warnings lack %q:\n%s", want, all)
		}
	}
	short := sample()
	short.Short = true
	if w := Compare(sample(), short, 5).Warnings; len(w) != 1 || !strings.Contains(w[0], "short form") {
		t.Errorf("warnings = %q", w)
	}
}
