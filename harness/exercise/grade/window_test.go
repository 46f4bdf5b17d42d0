package grade

import (
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// TestLateRows: a watermark that is ahead, tight or never moves counts other windows
// than one that waits as long as a student's.
func TestLateRows(t *testing.T) {
	rows, err := lateRows(wisdm.Generator{Seed: 1, Rows: 9600, Subjects: 2, Devices: []string{"phone"}, Sensors: []string{"accel"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		delay int // in seconds
		want  string
	}{{-1, "were dropped"}, {0, "were dropped"}, {5, ""}, {25, ""}, {3600, ""}, {315_576_000, "still took rows that came 2h0m0s late"}} {
		counts, _ := wisdm.Windows{Size: windowSize, Delay: time.Duration(c.delay) * time.Second}.Count(rows, wisdm.All)
		got := map[string]int64{}
		for w, n := range counts {
			got[w.Start.Format(windowTime)] = n
		}
		if v := sameWindows(got, rows); (v.reason == "") != (c.want == "") || !strings.Contains(v.reason, c.want) {
			t.Errorf("%d s behind: %q, want %q", c.delay, v.reason, c.want)
		}
	}
	if len(rows) != 9600+1+veryLate || rows[9599].Time.Sub(rows[0].Time) < 4*windowSize-10*time.Second {
		t.Errorf("%d rows until %s", len(rows), rows[9599].Time)
	}
}
