package dashboards

import (
	"fmt"
	"time"
)

// This file defines the dashboard of kibana-7.ndjson and kibana-8.ndjson. After a change,
// write the files with go test ./dashboards -update.

// from and to are whole minutes around the generated rows, whose sessions all
// begin at 2023-11-14T22:13:20Z (wisdm.DefaultBase) and last three minutes.
// Kibana draws at most 100 bars: over 300 s a second is the shortest interval, and a lab's
// rows of some seconds are a line.
var (
	from = time.Date(2023, 11, 14, 22, 13, 0, 0, time.UTC)
	to   = time.Date(2023, 11, 14, 22, 18, 0, 0, time.UTC)
)

const (
	view      = "hoplab-datuak"
	dashboard = "hoplab-rows"
	index     = "datuak" // as lab 4 calls it
)

// chart is a visualization. Its id must never change: an import replaces the object
// with the same id.
type chart struct {
	id, title, kind string
	values          string // the title of the value axis
	aggs            []object
	x, y, w, h      int // on the dashboard's grid, which is 48 wide; y begins below the controls
}

// charts: at 1366 pixels a third of the width has room for three numbers of 20 points, or,
// with long names, for two above one, since Kibana wraps them (metric_vis.scss of
// vis_type_metric); the height is that of two rows.
var charts = []chart{
	{id: "hoplab-averages", title: "Averages of x, y and z", kind: "metric", aggs: metrics("avg", "x", "y", "z"), x: 0, y: 0, w: 16, h: 9},
	{id: "hoplab-maxima", title: "Maxima of x, y and z", kind: "metric", aggs: metrics("max", "x", "y", "z"), x: 16, y: 0, w: 16, h: 9},
	{id: "hoplab-percentiles", title: "2nd percentiles of x, y and z", kind: "metric", aggs: percentiles(2, "x", "y", "z"), x: 32, y: 0, w: 16, h: 9},
	{id: "hoplab-over-y", title: "x and z over y", kind: "line", values: "mean of x and z",
		aggs: append(metrics("avg", "x", "z"), agg("y", "histogram", "segment", object{"field": "y", "interval": 1})), x: 0, y: 9, w: 24, h: 14},
	{id: "hoplab-over-time", title: "x, y and z over time", kind: "line", values: "mean of x, y and z",
		aggs: append(metrics("avg", "x", "y", "z"), agg("t", "date_histogram", "segment", object{"field": "@timestamp", "interval": "1s"})), x: 24, y: 9, w: 24, h: 14},
	{id: "hoplab-activities", title: "Rows by activity", kind: "histogram", values: "rows",
		aggs: []object{agg("1", "count", "metric", object{}),
			agg("2", "terms", "segment", object{"field": "action", "size": 20, "order": "asc", "orderBy": "_key"})}, x: 0, y: 23, w: 48, h: 12},
}

// filters are the controls above the charts.
var filters = []struct{ field, label string }{{"action", "Activity"}, {"usid", "Subject"}}

func metrics(of string, fields ...string) (list []object) {
	for i, field := range fields {
		list = append(list, agg(fmt.Sprint(i+1), of, "metric", object{"field": field}))
	}
	return list
}

func percentiles(percent float64, fields ...string) (list []object) {
	for i, field := range fields {
		list = append(list, agg(fmt.Sprint(i+1), "percentiles", "metric", object{"field": field, "percents": []float64{percent}}))
	}
	return list
}

func agg(id, kind, place string, params object) object {
	return object{"id": id, "enabled": true, "type": kind, "schema": place, "params": params}
}
