package grade

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// TestPairsOf: both ends of the interval belong to it, and all else must be the same.
func TestPairsOf(t *testing.T) {
	row := func(device, activity string, subject int, seq, ms int64) wisdm.Row {
		return wisdm.Row{Device: device, Activity: activity, Subject: subject, Sensor: "accel", Seq: seq, Time: time.UnixMilli(ms)}
	}
	got := pairsOf([]wisdm.Row{
		row("phone", "A", 1, 1, 1000), row("watch", "A", 1, 1, 900), row("watch", "A", 1, 2, 1100), row("watch", "A", 1, 3, 1101),
		row("watch", "B", 1, 4, 1000), row("watch", "A", 2, 1, 1000), row("phone", "A", 1, 2, 1001),
	}, 100*time.Millisecond)
	want := []string{pair(1, "accel", 1, 1), pair(1, "accel", 1, 2), pair(1, "accel", 2, 2), pair(1, "accel", 2, 3)}
	if found := slices.Sorted(maps.Keys(got)); !slices.Equal(found, want) {
		t.Errorf("%v, want %v", found, want)
	}
}

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
