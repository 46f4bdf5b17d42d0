package grade

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestHandedIn: right dashboards in the forms in which Kibana and Grafana export them get
// the points of each check that needs no server.
func TestHandedIn(t *testing.T) {
	lens, err := os.ReadFile("../../../scenarios/kibana/testdata/lens-8.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	swap := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	const grafanaTime = `"from": "2023-11-14T22:13:00.000Z"`
	for _, c := range []struct {
		name, lab, file string
		made            func(solution string) string
	}{
		{"Lens, 8.x", "05-kibana", "kibana-7.ndjson", func(string) string { return string(lens) }},
		{"a pattern", "05-kibana", "kibana-7.ndjson", swap(`"title":"datuak"`, `"title":"datuak*"`)},
		{"a relative time", "05-kibana", "kibana-7.ndjson", swap(`"timeFrom":"2023-11-14T22:13:00.000Z"`, `"timeFrom":"now-10y"`)},
		{"other objects", "05-kibana", "kibana-7.ndjson", func(s string) string {
			return `{"id":"7.17.29","type":"config","attributes":{"buildNum":1},"references":[]}` + "\n" + `{"id":"m","type":"map","attributes":{"title":"m"},"references":[]}` + "\n" + s
		}},
		{"an answer of the API", "06-grafana", "dashboard.json", func(s string) string { return `{"meta":{},"dashboard":` + s + `}` }},
		{"what the API takes", "06-grafana", "dashboard.json", func(s string) string { return `{"dashboard":` + s + `,"overwrite":true}` }},
		{"a resource", "06-grafana", "dashboard.json", func(s string) string {
			return `{"apiVersion":"dashboard.grafana.app/v1","kind":"Dashboard","metadata":{"name":"hoplab"},"spec":` + s + `}`
		}},
		{"sources by name", "06-grafana", "dashboard.json", swap("\"datasource\": {\n        \"type\": \"elasticsearch\",\n        \"uid\": \"datuak\"\n      }", `"datasource": "datuak"`)},
		{"a format", "06-grafana", "dashboard.json", swap("$activity", "${activity:lucene}")},
		{"no value for all", "06-grafana", "dashboard.json", swap(`"allValue": "*"`, `"allValue": null`)},
		{"a time zone", "06-grafana", "dashboard.json", swap(`"timezone": "utc"`, `"timezone": "Europe/Madrid"`)},
		{"a relative time", "06-grafana", "dashboard.json", swap(grafanaTime, `"from": "now-10y"`)},
	} {
		a := attemptOf(t, c.lab, "", "", "")
		path := filepath.Join(a.dir, c.file)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		made := c.made(string(text))
		if made == string(text) {
			t.Errorf("%s, %s: the solution isn't changed", c.lab, c.name)
		}
		if err := os.WriteFile(path, []byte(made), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, check := range a.lab.Checks {
			run, offline := map[string]kind{"import": checkImport, "metric": checkMetric, "time-range": checkTimeRange}[check.Run]
			if !offline {
				continue
			}
			if v := run(t.Context(), a, check); v.outcome != hop.Passed {
				t.Errorf("%s, %s: %s: %s", c.lab, c.name, check.ID, v.reason)
			}
		}
	}
}

// TestNamesOfExports: Kibana and Grafana have names of their own for what they export.
func TestNamesOfExports(t *testing.T) {
	for lab, names := range map[string][2]string{"05-kibana": {"kibana-7.ndjson", "export.ndjson"}, "06-grafana": {"dashboard.json", "Rows-1700000000000.json"}} {
		a := attemptOf(t, lab, "", "", "")
		if err := os.Rename(filepath.Join(a.dir, names[0]), filepath.Join(a.dir, names[1])); err != nil {
			t.Fatal(err)
		}
		if v := checkFiles(t.Context(), a, a.lab.Checks[0]); v.outcome != hop.Passed {
			t.Errorf("%s: %s", names[1], v.reason)
		}
	}
}
