package panel

import (
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// TestFitted has the intervals that Kibana 7.17.6 sent for y from -3.4 to 19.1, and
// those of "auto" by its source.
func TestFitted(t *testing.T) {
	rows := given{}
	for i, y := range []float64{-3.4, 2, 19.1} {
		rows = append(rows, wisdm.Row{Subject: 1600 + i, Activity: "A", Device: "phone", Sensor: "accel", TS: int64(i), Y: y, Time: wisdm.DefaultBase.Add(time.Duration(i) * time.Second)})
	}
	oracle, err := wisdm.ReadOracle(rows, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field    string
		interval float64
		fit      Fit
		want     float64
	}{
		{"y", 1, Fit{Bars: 100}, 1}, {"y", 0.5, Fit{Bars: 100}, 0.5},
		{"y", 0.2, Fit{Bars: 100}, 0.30000000000000004}, {"y", 0.1, Fit{Bars: 100}, 0.30000000000000004}, {"y", 0.01, Fit{Bars: 100}, 0.30000000000000004},
		{"y", 0.01, Fit{}, 0.01},
		{"y", 0, Fit{Auto: true, Bars: 100}, 0.5}, {"y", 0, Fit{Auto: true, Bars: 10}, 5}, {"y", 0, Fit{Auto: true, Bars: 22}, 2},
		{"usid", 0, Fit{Auto: true, Bars: 100}, 1}, {"x", 0, Fit{Auto: true, Bars: 100}, 1}, {"x", 3, Fit{Bars: 100}, 3},
		{"w", 3, Fit{Bars: 100}, 3},
	} {
		p := chart([]Bucket{{By: Histogram, Field: c.field, Interval: c.interval, Fit: c.fit}}, count)
		got := Fitted(p, map[string]string{"usid": "long", "y": "double"}, oracle)
		if got.Buckets[0].Interval != c.want || got.Buckets[0].Fit != (Fit{}) || p.Buckets[0].Fit != c.fit {
			t.Errorf("%s each %v with %+v: %v, want %v", c.field, c.interval, c.fit, got.Buckets[0].Interval, c.want)
		}
	}
	auto := chart([]Bucket{byActivity, {By: Histogram, Field: "y", Fit: Fit{Auto: true, Bars: 100}}}, count)
	if before, after := Unfitted(auto), Unfitted(Fitted(auto, nil, oracle)); before != "y" || after != "" {
		t.Errorf("without an interval: %q, and %q after Fitted", before, after)
	}
	if got := Fitted(chart(nil, count), nil, oracle); got.Buckets != nil {
		t.Errorf("without buckets: %+v", got)
	}
}
