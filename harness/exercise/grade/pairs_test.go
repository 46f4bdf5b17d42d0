package grade

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
)

// TestPairsOf: both ends of the interval belong to it, and all else must be the same.
func TestPairsOf(t *testing.T) {
	row := func(device, activity string, subject int, seq, ms int64) wisdm.Row {
		return wisdm.Row{Device: device, Activity: activity, Subject: subject, Sensor: "accel", Seq: seq, Time: time.UnixMilli(ms)}
	}
	got, mixed := pairsOf([]wisdm.Row{
		row("phone", "A", 1, 1, 1000), row("watch", "A", 1, 1, 900), row("watch", "A", 1, 2, 1100), row("watch", "A", 1, 3, 1101),
		row("watch", "B", 1, 4, 1000), row("watch", "A", 2, 1, 1000), row("phone", "A", 1, 2, 1001),
		{Device: "watch", Activity: "A", Subject: 1, Sensor: "gyro", Seq: 7, Time: time.UnixMilli(900)},
	}, 100*time.Millisecond)
	want := []string{pair(1, "accel", 1, 1), pair(1, "accel", 1, 2), pair(1, "accel", 2, 2), pair(1, "accel", 2, 3)}
	if found := slices.Sorted(maps.Keys(got)); !slices.Equal(found, want) {
		t.Errorf("%v, want %v", found, want)
	}
	if found := slices.Sorted(maps.Keys(mixed)); !slices.Equal(found, []string{pair(1, "accel", 1, 7)}) {
		t.Errorf("of two sensors: %v", found)
	}
}

// TestPairsShowTraps: in the rows of lab 11 each way to join too much or too little is seen,
// whatever a student's number of seconds is.
func TestPairsShowTraps(t *testing.T) {
	all, err := lab.Ours().All()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Find(all, "joins")
	if err != nil {
		t.Fatal(err)
	}
	for seed, text := range l.Choose["within"] {
		within, err := time.ParseDuration(text + "s")
		if err != nil {
			t.Fatal(err)
		}
		oracle, err := wisdm.ReadOracle(l.Generator(uint64(seed)), wisdm.DefaultBase, 0)
		if err != nil {
			t.Fatal(err)
		}
		want, mixed := pairsOf(oracle.Rows(), within)
		wider, _ := pairsOf(oracle.Rows(), within+50*time.Millisecond)
		for reason, others := range map[string]map[string]bool{"": {}, ofTwo: mixed, again: want, extra: wider} {
			found := map[string]int{}
			for p := range want {
				found[p]++
			}
			for p := range others {
				if reason != extra || !want[p] {
					found[p]++
				}
			}
			var f fates
			f.compare(found, want, mixed)
			got := f.verdict(alone, unpaired, extra, again, ofTwo).reason
			if (got == "") != (reason == "") || !strings.Contains(got, reason) || strings.Contains(got, "\n") {
				t.Errorf("%s s: %q, want %q", text, got, reason)
			}
		}
		partners := map[string]int{}
		for p := range want {
			var usid, phone, watch int
			var sensor string
			if _, err := fmt.Sscanf(p, "usid %d, %s phone_seq %d, watch_seq %d", &usid, &sensor, &phone, &watch); err != nil {
				t.Fatal(err)
			}
			partners[fmt.Sprint("phone", usid, sensor, phone)]++
			partners[fmt.Sprint("watch", usid, sensor, watch)]++
		}
		alone := map[string]int{}
		for _, r := range oracle.Rows() {
			if partners[fmt.Sprint(r.Device, r.Subject, r.Sensor+",", r.Seq)] == 0 {
				alone[r.Device]++
			}
		}
		if alone["phone"] == 0 || alone["watch"] == 0 {
			t.Errorf("%s s: rows without a partner: %v", text, alone)
		}
	}
}
