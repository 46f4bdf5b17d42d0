package grafana

import (
	"math"
	"reflect"
	"strings"
	"testing"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/client/standin"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
)

var series = panel.Panel{
	File: "f", Title: "T", ID: "1",
	Buckets: []panel.Bucket{{By: panel.Terms, Field: "sensor"}, {By: panel.DateHistogram, Interval: 1000}},
	Metrics: []panel.Metric{{ID: "1", Of: panel.Avg, Field: "x"}},
}

var columns = panel.Panel{
	File: "f", Title: "T", ID: "2",
	Buckets: []panel.Bucket{{By: panel.Histogram, Field: "y", Interval: 1}},
	Metrics: []panel.Metric{{ID: "1", Of: panel.Percentile, Field: "x", Percent: 5}, {ID: "1", Of: panel.Percentile, Field: "x", Percent: 12}, {ID: "2", Of: panel.Max, Field: "z"}},
}

func oneSeries(sensor, values string) string {
	return `{"schema": {"fields": [{"name": "Time", "type": "time"}, {"name": "Value", "type": "number", "labels": {"sensor": "` + sensor + `"}}]},
		"data": {"values": [[1700000000000, 1700000001000], ` + values + `]}}`
}

func TestReadFrames(t *testing.T) {
	cases := []struct {
		name   string
		panel  panel.Panel
		frames string
		want   panel.Table
	}{
		{"no frame", series, ``, nil},
		{"groups, and an empty bucket", series, oneSeries("accel", "[1.5, null]") + "," + oneSeries("accel", "[2, 0]") + "," + oneSeries("gyro", "[3, 4]") + "," + oneSeries("gyro", "[5, 6]"), panel.Table{
			{Keys: []string{"accel", "2023-11-14T22:13:20.000Z"}, Count: 2, Values: []float64{1.5}},
			{Keys: []string{"gyro", "2023-11-14T22:13:20.000Z"}, Count: 5, Values: []float64{3}},
			{Keys: []string{"gyro", "2023-11-14T22:13:21.000Z"}, Count: 6, Values: []float64{4}},
		}},
		{"no column", columns, `{"schema": {"fields": []}, "data": {"values": []}}`, nil},
		{"percentiles by name", columns, `{"data": {"values": [[-1, 0], [12, 12.5], [5, 5.5], [9, 9.5], [3, 0]]}}`, panel.Table{
			{Keys: []string{"-1"}, Count: 3, Values: []float64{5, 12, 9}},
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := readFrames(c.panel, "A", []byte(`{"results": {"A": {"status": 200, "frames": [`+c.frames+`]}}}`))
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, %v, want\n%+v", got, err, c.want)
			}
		})
	}
}

func TestBadFrames(t *testing.T) {
	answer := func(frames string) string { return `{"results": {"A": {"frames": [` + frames + `]}}}` }
	for want, c := range map[string]struct {
		panel  panel.Panel
		answer string
	}{
		`f: panel "T" (1): read Grafana's answer: invalid character`: {series, "<html>"},
		`has no result "A"`:                        {series, `{"message": "no"}`},
		`Grafana says: no such index`:              {series, `{"results": {"A": {"status": 400, "error": "no such index"}}}`},
		"it has 1 series, want 2 per group":        {series, answer(oneSeries("accel", "[1, 2]"))},
		"isn't named after its group":              {series, answer(strings.ReplaceAll(oneSeries("accel", "[1, 2]")+","+oneSeries("accel", "[1, 2]"), `"sensor"`, `"device"`))},
		"a series has 3 columns":                   {series, answer(oneSeries("accel", "[1, 2], [3]") + "," + oneSeries("accel", "[1, 2]"))},
		"a series has 0 fields":                    {series, answer(`{}, {}`)},
		"of different lengths":                     {series, answer(oneSeries("accel", "[1]") + "," + oneSeries("accel", "[1, 2]"))},
		"many stands where a number should be":     {series, answer(oneSeries("accel", `[1, 2]`) + "," + oneSeries("accel", `["many", 2]`))},
		"it has 1 tables, the first of 2 columns":  {columns, answer(`{"data": {"values": [[1], [2]]}}`)},
		"it has 2 tables, the first of 0 columns,": {columns, answer(`{}, {}`)},
	} {
		_, err := readFrames(c.panel, "A", []byte(c.answer))
		wantError(t, err, want)
	}
}

// TestComparePanels has the fake answer each query with what the panel must show,
// as an older and a newer Grafana write it, and once with a wrong value.
func TestComparePanels(t *testing.T) {
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Subjects: 1, PerSession: 50}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	files, err := provisioning.Read(shipped.Files(), provisioning.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for wrong := range len(files.Panels) + 1 {
		f, asked := newFake(t), 0
		f.labels = wrong%2 == 1
		f.answer = func(query map[string]any) string {
			p := files.Panels[asked]
			asked++
			table, err := panel.Expect(p, oracle)
			if err != nil {
				t.Error(err)
			}
			if asked == wrong {
				table[0].Values[0]--
			}
			text, err := standin.Frames(p, table, query, f.labels)
			if err != nil {
				t.Error(err)
			}
			return text
		}
		rows, problems, err := New(f.addr, access.Login{}).ComparePanels(t.Context(), files, Installed{Target: target}, oracle)
		if err != nil || (len(problems) == 0) != (wrong == 0) || rows != oracle.Count() {
			t.Errorf("with answer %d wrong: %d rows, %q, %v", wrong, rows, problems, err)
		}
		if f.query["from"] != "1699999980000" || f.query["to"] != "1700000280000" {
			t.Errorf("asked from %v to %v", f.query["from"], f.query["to"])
		}
		query := f.query["queries"].([]any)[0].(map[string]any)
		if query["datasource"].(map[string]any)["uid"] != "datuak-1" || query["query"] != "sensor:accel AND action:*" {
			t.Errorf("asked %v", query)
		}
	}
}

// TestDrawSaysWhatGrafanaSaid: an answer that isn't of queries.
func TestDrawSaysWhatGrafanaSaid(t *testing.T) {
	f := newFake(t)
	f.answer = func(map[string]any) string { return `{"message": "bad gateway"}` }
	_, err := New(f.addr, access.Login{}).Draw(t.Context(), files(t), Installed{Target: target}, files(t).Panels[0])
	wantError(t, err, `panel "Accelerometer: mean of x, y and z" (2): Grafana's answer has no result "A": {"message": "bad gateway"}`)
	f.answer = func(map[string]any) string { return "" }
	_, err = New(f.addr, access.Login{}).Draw(t.Context(), files(t), Installed{Target: target}, files(t).Panels[0])
	wantError(t, err, "Grafana answers with nothing, as it does if two columns have the same name")
	if v, err := toFloat(nil); err != nil || !math.IsNaN(v) {
		t.Errorf("null is %v, %v", v, err)
	}
}
