package grafana

import (
	"os"
	"slices"
	"testing"

	"hoplab.example/harness/client/panel"
)

// TestReplay reads answers that Grafana 10.1 and its Elasticsearch data source 12.7
// gave over the same 3,000 rows.
func TestReplay(t *testing.T) {
	sensor, action := panel.Bucket{By: panel.Terms, Field: "sensor"}, panel.Bucket{By: panel.Terms, Field: "action"}
	overTime := panel.Bucket{By: panel.DateHistogram, Field: "@timestamp", Interval: 1000}
	mean, count := panel.Metric{ID: "1", Of: panel.Avg, Field: "x"}, panel.Metric{ID: "2", Of: panel.Count}
	percentile := func(percent float64) panel.Metric {
		return panel.Metric{ID: "1", Of: panel.Percentile, Field: "x", Percent: percent}
	}
	const second = "2023-11-14T22:13:20.000Z"
	for _, c := range []struct {
		name     string
		versions []string
		buckets  []panel.Bucket
		metrics  []panel.Metric
		length   int
		last     panel.Point // of the table
	}{
		{"alias", both, []panel.Bucket{sensor, overTime}, []panel.Metric{count, mean, count}, 2,
			panel.Point{Keys: []string{"gyro", second}, Count: 1265, Values: []float64{1265, -0.06257064940733992, 1265}}},
		{"percentiles", both, []panel.Bucket{overTime}, []panel.Metric{percentile(5), percentile(95), percentile(50)}, 1,
			panel.Point{Keys: []string{second}, Count: 3000, Values: []float64{-6.5582771, 3.2256431666666665, -0.26317678555194807}}},
		{"terms-terms", both, []panel.Bucket{sensor, action}, []panel.Metric{mean}, 36,
			panel.Point{Keys: []string{"gyro", "S"}, Count: 73, Values: []float64{-0.1356165499479452}}},
		{"same-mean-twice", both, []panel.Bucket{sensor}, []panel.Metric{mean, {ID: "2", Of: panel.Avg, Field: "x"}}, 2,
			panel.Point{Keys: []string{"gyro"}, Count: 1265, Values: []float64{-0.06257064940733992, -0.06257064940733992}}},
		{"terms-of-numbers", both, []panel.Bucket{{By: panel.Terms, Field: "usid"}}, []panel.Metric{mean}, 4,
			panel.Point{Keys: []string{"1603"}, Count: 501, Values: []float64{7.721798}}},
		{"histogram", []string{"12.7"}, []panel.Bucket{{By: panel.Histogram, Field: "y", Interval: 0.5}}, []panel.Metric{count}, 43,
			panel.Point{Keys: []string{"18.5"}, Count: 3, Values: []float64{3}}},
		{"count", []string{"10.1"}, []panel.Bucket{action}, []panel.Metric{count}, 18,
			panel.Point{Keys: []string{"S"}, Count: 173, Values: []float64{173}}},
		{"no-terms", both, []panel.Bucket{sensor}, []panel.Metric{count}, 0, panel.Point{}},
		{"no-series", both, []panel.Bucket{overTime}, []panel.Metric{count}, 0, panel.Point{}},
	} {
		for _, version := range c.versions {
			t.Run(c.name+"-"+version, func(t *testing.T) {
				table, err := readFrames(panel.Panel{Buckets: c.buckets, Metrics: c.metrics}, "A", recorded(t, c.name+"-"+version))
				if err != nil || len(table) != c.length {
					t.Fatalf("%d points, %v; want %d: %v", len(table), err, c.length, table)
				}
				if c.length == 0 {
					return
				}
				last := table[len(table)-1]
				if !slices.Equal(last.Keys, c.last.Keys) || last.Count != c.last.Count || !slices.Equal(last.Values, c.last.Values) {
					t.Errorf("the last point is %+v, want %+v", last, c.last)
				}
			})
		}
	}
}

var both = []string{"10.1", "12.7"}

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestReplayErrors: what Grafana says of a query that Elasticsearch refuses, and of
// series that no alias names.
func TestReplayErrors(t *testing.T) {
	for _, version := range both {
		_, err := readFrames(columns, "A", recorded(t, "bad-query-"+version))
		wantError(t, err, "Grafana says: Failed to parse query [sensor:(accel]")
		_, err = readFrames(columns, "A", recorded(t, "mean-of-keyword-"+version))
		wantError(t, err, "Grafana says: Field [device] of type [keyword] is not supported for aggregation [avg]")
	}
	three := series
	three.Metrics = []panel.Metric{{ID: "2", Of: panel.Count}, series.Metrics[0], {ID: "3", Of: panel.Max, Field: "x"}}
	_, err := readFrames(three, "A", recorded(t, "without-alias-12.7"))
	wantError(t, err, `the series "accel Count" isn't named after its group`)
	if table, err := readFrames(three, "A", recorded(t, "without-alias-10.1")); err != nil || len(table) != 2 || table[1].Keys[0] != "gyro" {
		t.Errorf("10.1 has labels: %v, %v", table, err)
	}
	if n := layoutOf(three.Metrics); n.count != 0 || n.width != 3 {
		t.Errorf("columns of %v: %+v", three.Metrics, n)
	}
}
