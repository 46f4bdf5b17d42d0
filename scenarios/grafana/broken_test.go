package grafana

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

const (
	board  = "dashboards/hoplab.json"
	source = "datasources/elasticsearch.yaml"
)

// changed returns the shipped files, with old replaced by new in one of them.
func changed(t *testing.T, file, old, new string) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{board, source} {
		text, err := fs.ReadFile(shipped.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !strings.Contains(string(text), old) {
				t.Fatalf("%s has no %s", name, old)
			}
			text = []byte(strings.ReplaceAll(string(text), old, new))
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return files
}

// TestBrokenFiles: a wrong dashboard or data source is detected over a right index,
// with the reason.
func TestBrokenFiles(t *testing.T) {
	p, oracle := filled(t, 4, documents{})
	cases := []struct{ name, file, old, new, want string }{
		{"a metric's field", board, `"field": "x"`, `"field": "w"`, `grafana/provisioning/dashboards/hoplab.json: panel "Accelerometer: mean of x, y and z" (2): field "w" (avg) isn't in the mapping`},
		{"a bucket's field", board, `"field": "sensor"`, `"field": "sensr"`, `panel "Rows per second by sensor" (4): field "sensr" (terms) isn't in the mapping`},
		{"a filter's field", board, `action:$activity`, `activity:$activity`, `panel "Rows by activity" (8): filter: field "activity" isn't in the mapping`},
		{"a filter's value", board, `sensor:accel`, `sensor:acel`, `panel "Accelerometer: mean of x, y and z" (2): no data: no row matches its filter`},
		{"a variable's field", board, `\"field\": \"action\"`, `\"field\": \"activity\"`, `variable "activity": field "activity" isn't in the mapping`},
		{"a mean of words", board, `"field": "x"`, `"field": "device"`, `field "device" (avg) is mapped as keyword, want a number`},
		{"no time field", source, `timeField: "@timestamp"`, ``, `elasticsearch.yaml: data source "datuak": it has no jsonData.timeField`},
		{"a time field that isn't there", source, `timeField: "@timestamp"`, `timeField: time`, `field "time" (time field) isn't in the mapping`},
		{"a time field that is a number", source, `timeField: "@timestamp"`, `timeField: ts`, `field "ts" (time field) is mapped as long, want date`},
		{"too short a time", board, `22:18:00.000Z`, `22:13:21.000Z`, "rows are outside the time that it shows, 2023-11-14T22:13:00.000Z to 2023-11-14T22:13:21.000Z"},
		{"another time", board, `2023-11-14T`, `2024-11-14T`, "no data: the dashboard shows 2024-11-14T22:13:00.000Z to 2024-11-14T22:18:00.000Z, and the rows are from 2023-11-14T22:13:20.000Z"},
		{"no JSON", board, `"uid": "hoplab",`, `"uid": "hoplab"`, "hoplab.json:3:3: it isn't valid JSON"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			scenario.Fails(t, dashboard.CheckGrafanaFiles(t.Context(), p, changed(t, c.file, c.old, c.new), oracle, options(p)), c.want)
		})
	}
}

// TestBrokenIndex: a wrong index is detected with right files.
func TestBrokenIndex(t *testing.T) {
	t.Run("a document missing", func(t *testing.T) {
		p, oracle := filled(t, 5, documents{missing: 1})
		scenario.Fails(t, dashboard.CheckGrafana(t.Context(), p, oracle), `panel "Rows by activity" (8): bucket A: 199 rows, want 200`)
	})
	t.Run("no template and a time that is text", func(t *testing.T) {
		p, oracle := filled(t, 6, documents{untyped: true})
		scenario.Fails(t, dashboard.CheckGrafana(t.Context(), p, oracle), `field "@timestamp" (time field) is mapped as text, want date`)
	})
	t.Run("an index that isn't there", func(t *testing.T) {
		p := scenario.Need(t, "elasticsearch").Pipeline()
		_, oracle := rows(t, 7)
		scenario.Fails(t, dashboard.CheckGrafana(t.Context(), p, oracle), "there is no index")
	})
	t.Run("an empty index", func(t *testing.T) {
		p, oracle := filled(t, 8, documents{none: true})
		scenario.Fails(t, dashboard.CheckGrafana(t.Context(), p, oracle), "no data: the index has nothing to show from 2023-11-14T22:13:20.000Z to ")
	})
	t.Run("another index", func(t *testing.T) {
		p, oracle := filled(t, 9, documents{})
		result := dashboard.CheckGrafanaFiles(t.Context(), p, shipped.Files(), oracle, provisioning.Options{Name: shipped.Folder})
		scenario.Fails(t, result, `data source "datuak" shows index "datuak", the rows are in "`+p.Names.Index)
	})
}

// at has Elasticsearch at one address.
type at string

func (a at) Addr(string, string) string { return string(a) }
func (a at) Peer(string, string) string { return string(a) }

// TestVersions: Grafana works with a version that it doesn't support, and
// go-elasticsearch, which reads what panels show here, refuses it. The server is
// a fake that gives its version and nothing else.
func TestVersions(t *testing.T) {
	_, oracle := rows(t, 10)
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"version": {"number": "7.6.0"}}`)
	}))
	t.Cleanup(fake.Close)
	old := pipeline.Pipeline{Sites: at(strings.TrimPrefix(fake.URL, "http://")), Names: pipeline.NewNames("")}
	result := dashboard.CheckGrafana(t.Context(), old, oracle)
	if result.Outcome != hop.Error || !strings.Contains(result.Detail, "unknown product") || !strings.Contains(result.Detail, "Grafana doesn't support Elasticsearch 7.6: it works") {
		t.Errorf("7.6.0: %s\n%s", result.Outcome, result.Detail)
	}

	gone := pipeline.Pipeline{Sites: at("127.0.0.1:1"), Names: pipeline.NewNames("")}
	result = dashboard.CheckGrafana(t.Context(), gone, oracle)
	if result.Outcome != hop.Error || !strings.Contains(result.Detail, "127.0.0.1:1") {
		t.Errorf("where nobody answers: %s\n%s", result.Outcome, result.Detail)
	}
}
