package grade

import (
	"strings"
	"testing"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/verify/hop"
)

var sample = board{
	choices: []string{"action"},
	charts: []panel.Panel{
		{Title: "means", Metrics: []panel.Metric{{Of: panel.Avg, Field: "x"}, {Of: panel.Percentile, Field: "x", Percent: 2}}},
		{Title: "over y", Metrics: []panel.Metric{{Of: panel.Avg, Field: "z"}, {Of: panel.Count}},
			Buckets: []panel.Bucket{{By: panel.Terms, Field: "device"}, {By: panel.Histogram, Field: "y"}},
			Filter:  []panel.Term{{Field: "sensor", Values: []string{"gyro"}}, {Field: "action", Values: []string{"A", "B"}}}},
		{Title: "some", Metrics: []panel.Metric{{Of: panel.Sum, Field: "x"}}, Filter: []panel.Term{{Field: "x", Bounds: panel.Bounds{"gt": "0"}}}},
		{Title: "any", Metrics: []panel.Metric{{Of: panel.Sum, Field: "y"}}, Filter: []panel.Term{{Field: "usid"}}},
	},
}

func TestShown(t *testing.T) {
	for _, c := range []struct {
		with  map[string]string
		shown bool
		text  string
	}{
		{map[string]string{"of": "avg", "fields": "x"}, true, "avg of x"},
		{map[string]string{"of": "avg", "fields": "x", "over": "all rows"}, true, "avg of x over all rows"},
		{map[string]string{"of": "avg", "fields": "z", "over": "all rows"}, false, "avg of z over all rows"},
		{map[string]string{"of": "avg", "fields": "z", "over": "histogram of y"}, true, "avg of z over histogram of y"},
		{map[string]string{"of": "avg", "fields": "x", "over": "histogram of y"}, false, "avg of x over histogram of y"},
		{map[string]string{"of": "max", "fields": "x"}, false, "max of x"},
		{map[string]string{"of": "count", "over": "terms of device"}, true, "count over terms of device"},
		{map[string]string{"of": "percentiles", "fields": "x", "percent": "2"}, true, "percentile 2 of x"},
		{map[string]string{"of": "percentiles", "fields": "x", "percent": "20"}, false, "percentile 20 of x"},
		{map[string]string{"of": "avg", "fields": "z", "only": "sensor gyro"}, true, "avg of z where sensor is gyro"},
		{map[string]string{"of": "avg", "fields": "z", "only": "sensor accel"}, false, "avg of z where sensor is accel"},
		{map[string]string{"of": "avg", "fields": "z", "only": "action A"}, false, "avg of z where action is A"},
		{map[string]string{"of": "sum", "fields": "x", "over": "all rows"}, false, "sum of x over all rows"},
		{map[string]string{"of": "sum", "fields": "y", "over": "all rows"}, true, "sum of y over all rows"},
		{map[string]string{"of": "sum", "fields": "x"}, true, "sum of x"},
		{map[string]string{"of": "choice", "fields": "action"}, true, "a choice of action"},
		{map[string]string{"of": "choice", "fields": "device"}, false, "a choice of device"},
	} {
		w, err := readWanted(lab.Check{With: c.with})
		if err != nil {
			t.Fatal(err)
		}
		if got := w.shown(sample, w.fields[0]); got != c.shown || w.text(w.fields[0]) != c.text {
			t.Errorf("%s: shown is %v, want %v of %s", w.text(w.fields[0]), got, c.shown, c.text)
		}
	}
	if _, err := readWanted(lab.Check{With: map[string]string{"percent": "two"}}); err == nil {
		t.Error(`percent "two" was read`)
	}
}

func TestBoardAsText(t *testing.T) {
	want := `"means": avg of x, percentile 2 of x over all rows
"over y": avg of z, count over terms of device and histogram of y where sensor is gyro and action is A or B
"some": sum of x over all rows where x > 0
"any": sum of y over all rows where usid exists
a choice of action`
	if sample.String() != want {
		t.Errorf("the board is\n%s\nwant\n%s", sample, want)
	}
}

func TestViewProblem(t *testing.T) {
	types := map[string]string{"@timestamp": "date", "ts": "long", "nanos": "date_nanos"}
	for _, c := range []struct{ index, field, want string }{
		{"datuak", "@timestamp", ""},
		{"datuak", "nanos", ""},
		{"smart", "@timestamp", `shows the index "smart", want "datuak"`},
		{"datuak", "", "has no time field"},
		{"datuak", "when", `the time field "when", which the index lacks`},
		{"datuak", "ts", `"ts", which is mapped as long, want date`},
	} {
		got := viewProblem(panel.View{Name: "view", Index: c.index, TimeField: c.field}, types)
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s by %q: %q, want %q", c.index, c.field, got, c.want)
		}
	}
}

// TestBoards reads the solutions of both labs, and files that aren't right.
func TestBoards(t *testing.T) {
	for _, c := range []struct {
		lab, file, old, new string
		run                 kind
		want                string // "" where it passes
	}{
		{"05-kibana", "kibana-7.ndjson", "", "", checkImport, ""},
		{"05-kibana", "kibana-7.ndjson", "", "", checkTimeRange, ""},
		{"05-kibana", "kibana-7.ndjson", `"timeTo":"2023-11-14T22:18`, `"timeTo":"2023-11-14T22:16`, checkTimeRange, "whole sessions last"},
		{"05-kibana", "kibana-7.ndjson", `"type":"dashboard"`, `"type":"lens"`, checkImport, `it has no dashboard`},
		{"06-grafana", "dashboard.json", "", "", checkImport, ""},
		{"06-grafana", "dashboard.json", "", "", checkTimeRange, ""},
		{"06-grafana", "datasource.yaml", "type: elasticsearch", "type: loki", checkImport, "no data source"},
	} {
		v := c.run(t.Context(), attemptOf(t, c.lab, c.file, c.old, c.new), lab.Check{})
		if (v.outcome == hop.Passed) != (c.want == "") || !strings.Contains(v.reason, c.want) || v.outcome == hop.Error {
			t.Errorf("%s: %q for %q: %s: %s, want %q", c.lab, c.new, c.old, v.outcome, v.reason, c.want)
		}
	}
}
