package provisioning

import (
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/server/esversion"
)

// folder is one with a file of data sources and a dashboard.
func folder(sources, dashboard string) fstest.MapFS {
	return fstest.MapFS{
		"datasources/s.yaml": {Data: []byte(sources)}, "dashboards/d.json": {Data: []byte(dashboard)},
		"dashboards/provider.yaml": {Data: []byte("no dashboard")},
	}
}

func testdata(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func good(t testing.TB, o Options) *Provisioned {
	t.Helper()
	p, err := Read(folder(testdata(t, "sources.yaml"), testdata(t, "good.json")), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestRead(t *testing.T) {
	p := good(t, Options{Name: "files"})
	shown := panel.Range{From: at("2023-11-14T22:13:00Z"), To: at("2023-11-14T22:18:00Z")}
	file := "files/dashboards/d.json"
	want := []panel.Panel{{
		File: file, ID: "1", Title: "Lines", Kind: panel.Line, Stacked: true, Range: shown,
		View:   panel.View{Name: `data source "s"`, Index: "rows", TimeField: "@timestamp"},
		Filter: []panel.Term{{Field: "sensor", Values: []string{"accel"}}},
		Buckets: []panel.Bucket{
			{ID: "3", By: panel.Terms, Field: "device", Size: 5}, {ID: "2", By: panel.DateHistogram, Field: "@timestamp", Interval: 10_000},
		},
		Metrics: []panel.Metric{{ID: "1", Of: panel.Avg, Field: "x"}, {ID: "4", Of: panel.Count}},
	}, {
		File: file, ID: "3/A", Title: "Numbers", Kind: panel.Stat, Range: shown,
		View:    panel.View{Name: `data source "s"`, Index: "rows", TimeField: "@timestamp"},
		Buckets: []panel.Bucket{{ID: "2", By: panel.Terms, Field: "sensor", ByKey: true, Ascending: true}},
		Metrics: []panel.Metric{{ID: "1", Of: panel.Percentile, Field: "y", Percent: 2}, {ID: "1", Of: panel.Percentile, Field: "y", Percent: 50}},
	}, {
		File: file, ID: "3/B", Title: "Numbers", Kind: panel.Stat, Range: shown,
		View:    panel.View{Name: `data source "old"`, Index: "old-rows", TimeField: "at"},
		Buckets: []panel.Bucket{{ID: "2", By: panel.Histogram, Field: "y", Interval: 5}},
		Metrics: []panel.Metric{{ID: "1", Of: panel.Unique, Field: "action"}},
	}}
	if len(p.Panels) != len(want) {
		t.Fatalf("%d panels, want %d", len(p.Panels), len(want))
	}
	for i, w := range want {
		if !reflect.DeepEqual(p.Panels[i], w) {
			t.Errorf("panel %d:\n%+v, want\n%+v", i, p.Panels[i], w)
		}
	}
	if d := p.Dashboards; len(d) != 1 || d[0].UID != "d" || d[0].Title != "D" || d[0].File != file || d[0].Range != shown {
		t.Errorf("dashboards %+v", d)
	}
}

// TestOptions: another index, another time, and one activity.
func TestOptions(t *testing.T) {
	p := good(t, Options{Index: "mine", Range: panel.Range{From: at("2023-11-14T23:13:00Z"), To: at("2023-11-14T23:14:00Z")}, Variables: map[string][]string{"activity": {"A", "B"}}})
	got := p.Panels[0]
	if got.View.Index != "mine" || !got.Range.From.Equal(at("2023-11-14T23:13:00Z")) {
		t.Errorf("index %q, from %s", got.View.Index, got.Range.From)
	}
	want := []panel.Term{{Field: "sensor", Values: []string{"accel"}}, {Field: "action", Values: []string{"A", "B"}}}
	if !reflect.DeepEqual(got.Filter, want) {
		t.Errorf("filter %+v, want %+v", got.Filter, want)
	}
}

func TestCheckMapping(t *testing.T) {
	p := good(t, Options{})
	problems := strings.Join(p.CheckMapping(map[string]string{"x": "double"}), "\n")
	for _, want := range []string{`variable "activity": field "action" isn't in the mapping`, `panel "Lines" (1): filter: field "action"`} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q lacks %q", problems, want)
		}
	}
	if found := p.CheckMapping(map[string]string{"action": "keyword"}); found != nil {
		t.Errorf("problems %q, want none", found)
	}
}

// TestTimes: a time can depend on the clock, and the options' goes before the file's.
func TestTimes(t *testing.T) {
	o := Options{Now: at("2024-01-02T12:00:00Z")}
	for text, want := range map[string]string{"now-90m": "2024-01-02T10:30:00Z", "now-5y": "2019-01-02T12:00:00Z", "2023-11-14T23:13:00+01:00": "2023-11-14T22:13:00Z"} {
		if got, err := readRange(text, "now", o); err != nil || !got.From.Equal(at(want)) || !got.To.Equal(o.Now) {
			t.Errorf("%s is %s, %v, want %s", text, got, err, want)
		}
	}
	o.Range = panel.Range{From: o.Now, To: o.Now.Add(time.Hour)}
	if got, err := readRange("now-1h", "now", o); err != nil || got != o.Range {
		t.Errorf("%s, %v; want %s", got, err, o.Range)
	}
}

func TestSupport(t *testing.T) {
	for version, want := range map[string]string{
		"7.17.29": "", "8.6.2": "", "8.19.21": "", "9.0.0": "", "8.0.0-SNAPSHOT": "",
		"7.6.0": "it works, and the query editor warns", "6.8.23": "before 7.16", "7.15.2": "before 7.16",
		"7.16.0": "manual names Elasticsearch 7.17, 8 and 9", "10.0.0": "manual names",
	} {
		release, err := esversion.Parse(version)
		if note := Support(release); err != nil || (note == "") != (want == "") || !strings.Contains(note, want) {
			t.Errorf("%q: %q, %v, want %q", version, note, err, want)
		}
	}
}
