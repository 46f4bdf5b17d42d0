package preview

import (
	"testing"

	"hoplab.example/fixtures"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
)

func oracle(t testing.TB) *wisdm.Oracle {
	t.Helper()
	input, err := wisdm.OpenFS(fixtures.Rows(), fixtures.RowsName, wisdm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// samples are panels such as the shipped dashboards have.
func samples(o *wisdm.Oracle) []panel.Panel {
	all := o.Group(wisdm.All)["all"]
	shown := panel.Range{From: all.First, To: all.Last}
	each := func(of panel.Statistic, percent float64, fields ...string) (list []panel.Metric) {
		for _, f := range fields {
			list = append(list, panel.Metric{ID: f, Of: of, Field: f, Percent: percent})
		}
		return list
	}
	bucket := func(by panel.Grouping, field string, interval float64) panel.Bucket {
		return panel.Bucket{ID: field, By: by, Field: field, Interval: interval}
	}
	rows := []panel.Metric{{Of: panel.Count}}
	over := bucket(panel.DateHistogram, "@timestamp", 500)
	panels := []panel.Panel{
		{ID: "mean", Title: "Mean acceleration over time", Kind: panel.Line, Buckets: []panel.Bucket{over}, Metrics: each(panel.Avg, 0, "x", "y", "z")},
		{ID: "percentile", Title: "2nd percentile", Kind: panel.Stat, Metrics: each(panel.Percentile, 2, "x", "y", "z")},
		{ID: "over-y", Title: "x and z over y", Kind: panel.Line, Buckets: []panel.Bucket{bucket(panel.Histogram, "y", 1)}, Metrics: each(panel.Avg, 0, "x", "z")},
		{ID: "activities", Title: "Rows by activity", Kind: panel.Bar, Buckets: []panel.Bucket{bucket(panel.Terms, "action", 0)}, Metrics: rows},
		{ID: "rate", Title: "Rows per 500 ms", Kind: panel.Bar, Buckets: []panel.Bucket{over}, Metrics: rows},
		{ID: "split", Title: "Largest x by subject", Kind: panel.Line, Buckets: []panel.Bucket{bucket(panel.Terms, "usid", 0), over}, Metrics: each(panel.Max, 0, "x")},
	}
	for i := range panels {
		panels[i].File, panels[i].Range = "dashboards/sample.ndjson", shown
		panels[i].View = panel.View{Name: "datuak", Index: "datuak", TimeField: "@timestamp"}
	}
	return panels
}

// drawn has the samples with what they must show.
func drawn(t testing.TB) []Drawn {
	t.Helper()
	o := oracle(t)
	var list []Drawn
	for _, p := range samples(o) {
		table, err := panel.Expect(p, o)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Drawn{Panel: p, Table: table, Checked: true})
	}
	return list
}

func board(list []Drawn) Dashboard {
	return Dashboard{File: list[0].Panel.File, Title: "Sensor rows", Range: list[0].Panel.Range, Panels: list}
}
