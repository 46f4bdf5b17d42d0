package grade

import (
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestFates: what is to be mended first is said first.
func TestFates(t *testing.T) {
	var f fates
	if v := f.verdict(twice, misnamed); v.outcome != hop.Passed {
		t.Errorf("nothing is wrong: %+v", v)
	}
	f.add(misnamed, "b")
	f.add(twice, "a")
	f.add(twice, "c")
	v := f.verdict(twice, misnamed)
	if want := "2 " + twice + ", such as a\n1 " + misnamed; v.outcome != hop.Failed || !strings.HasPrefix(v.reason, want) {
		t.Errorf("%+v, want %s", v, want)
	}
}

// TestOperators: names of parts of jobs as Flink 1.20 gives them.
func TestOperators(t *testing.T) {
	for name, want := range map[string][2]bool{
		"IntervalJoin[78] -> Calc[79] -> datuak[80]: Writer": {false, true},
		"TemporalJoin[7] -> Calc[8]":                         {false, false},
		"Join[12] -> Calc[13]":                               {true, false},
		"Source: joins[1] -> Calc[2] -> Join[3]":             {true, false},
	} {
		if got := [2]bool{keepsAll.MatchString(name), interval.MatchString(name)}; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
