package savedobject

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
)

func TestRead(t *testing.T) {
	got := mustRead(t, good())
	want := panel.Panel{
		File: "d.ndjson", ID: "c", Title: "X", Kind: panel.Line,
		View:    panel.View{Name: "data view v", Index: "datuak", TimeField: "@timestamp"},
		Range:   panel.Range{From: time.Date(2023, 11, 14, 22, 10, 0, 0, time.UTC), To: time.Date(2023, 11, 14, 22, 20, 0, 0, time.UTC)},
		Buckets: []panel.Bucket{{ID: "2", By: panel.DateHistogram, Field: "@timestamp", Interval: 10_000}},
		Metrics: []panel.Metric{{ID: "1", Of: panel.Avg, Field: "x", Label: "mean x"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestReadByValue: a visualization that was made on a dashboard is in it.
func TestReadByValue(t *testing.T) {
	place := `[{"version":"7.17.29","type":"visualization","gridData":{},"panelIndex":"p1","embeddableConfig":{"savedVis":{"title":"","description":"","type":"metric","params":{},"uiState":{},` +
		`"data":{"aggs":[{"id":"1","enabled":true,"type":"count","params":{},"schema":"metric"}],"searchSource":` + emptySource + `}},"hidePanelTitles":false,"enhancements":{},` +
		`"timeRange":{"from":"now-1h","to":"now"}},"title":"Own"}]`
	got := mustRead(t, lines(viewLine, strings.Replace(dashboardLine(place, noFilters), `{"id":"c","name":"p1:panel_p1","type":"visualization"},`, "", 1)))
	if got.ID != "p1" || got.Title != "Own" || got.Kind != panel.Stat || got.View.Index != "datuak" || got.Range.From != now.Add(-time.Hour) || got.Range.To != now {
		t.Errorf("got %+v", got)
	}
}

// TestReadFilters: those of the dashboard and of the chart count both.
func TestReadFilters(t *testing.T) {
	own := `{"query":{"query":"device : \"phone\"","language":"kuery"},"filter":[` +
		`{"meta":{"type":"phrases","key":"usid","params":[1600,"1601"],"negate":false,"disabled":false,"alias":null,"indexRefName":"kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index"},"query":{"bool":{"should":[{"match_phrase":{"usid":"1600"}},{"match_phrase":{"usid":{"query":1601}}}],"minimum_should_match":1}},"$state":{"store":"appState"}},` +
		`{"$state":{"store":"appState"},"exists":{"field":"z"},"meta":{"alias":null,"type":"exists","key":"z","value":"exists","negate":true,"disabled":false}},` +
		`{"query":{"exists":{"field":"y"}},"meta":{"type":"exists","key":"y","field":"y","value":"exists"}},` +
		`{"range":{"x":{"gte":0,"lt":"5"}},"meta":{"type":"range","key":"x","params":{"gte":"0","lt":5},"value":{"gte":"0","lt":"5"}}},{"meta":{"disabled":true,"surprise":1}}],"indexRefName":"kibanaSavedObjectMeta.searchSourceJSON.index"}`
	all := `{"query":{"query":"","language":"kuery"},"filter":[{"meta":{"type":"phrase","key":"action","params":{"query":"A"},"negate":false,"disabled":false},"query":{"match_phrase":{"action":"A"}}}]}`
	got := mustRead(t, lines(viewLine, chartLine(lineState, own), dashboardLine(onePlace, all)))
	want := []panel.Term{
		{Field: "action", Values: []string{"A"}}, {Field: "device", Values: []string{"phone"}}, {Field: "usid", Values: []string{"1600", "1601"}},
		{Field: "z", Not: true}, {Field: "y"}, {Field: "x", Bounds: panel.Bounds{"gte": "0", "lt": "5"}},
	}
	if !reflect.DeepEqual(got.Filter, want) {
		t.Errorf("filter %v, want %v", got.Filter, want)
	}
}

const controlState = `{"title":"F","type":"input_control_vis","params":{"controls":[{"id":"1","fieldName":"action","parent":"","label":"Activity","type":"list","options":{"type":"terms","multiselect":true,"dynamicOptions":false,"size":100,"order":"desc"},"indexPatternRefName":"kibanaSavedObjectMeta.searchSourceJSON.index"}],"updateFiltersOnChange":false,"useTimeFilter":false,"pinFilters":false},"aggs":[]}`

func TestReadControls(t *testing.T) {
	text := lines(viewLine, chartLine(controlState, noFilters), dashboardLine(onePlace, noFilters))
	got := mustRead(t, text)
	if got.ID != "c[0]" || got.Title != "X: Activity" || got.Buckets[0].Field != "action" || got.Buckets[0].Size != 100 || got.Range != always {
		t.Errorf("got %+v", got)
	}
	if charts, err := Read("d.ndjson", []byte(text)); err != nil || len(charts) != 0 {
		t.Errorf("%d charts, %v; want none", len(charts), err)
	}
	for old, want := range map[string]int{`\"dynamicOptions\":false`: 10, `,\"size\":100`: 5} {
		other := mustRead(t, strings.Replace(text, old, map[int]string{10: `\"dynamicOptions\":true`, 5: ``}[want], 1))
		if got := other.Buckets[0].Size; got != want {
			t.Errorf("without %s: size %d, want %d", old, got, want)
		}
	}
	over := mustRead(t, strings.NewReplacer(`\"useTimeFilter\":false`, `\"useTimeFilter\":true`, `\"type\":\"list\"`, `\"type\":\"range\"`).Replace(text))
	if len(over.Metrics) != 2 || over.Metrics[1].ID != "maxAgg" || over.Range == always {
		t.Errorf("got %+v", over)
	}
}

// TestByteOrderMark: Windows' editors write one.
func TestByteOrderMark(t *testing.T) {
	if got := mustRead(t, "\ufeff"+good()); !reflect.DeepEqual(got, mustRead(t, good())) {
		t.Errorf("got %+v", got)
	}
	if _, err := (Target{From: "datuak", Index: "other"}).Apply("d.ndjson", []byte("\ufeff"+good())); err != nil {
		t.Error(err)
	}
}

// TestReadFails: whatever isn't right or isn't understood is reported with its file,
// line and object.
func TestReadFails(t *testing.T) {
	swap := func(old, new string) string {
		text := good()
		if !strings.Contains(text, old) {
			t.Fatalf("the good file has no %s", old)
		}
		return strings.ReplaceAll(text, old, new)
	}
	state := func(old, new string) string { return swap(`\"`+old, `\"`+new) }
	cases := []struct{ name, text, want string }{
		{"empty", "\n", "d.ndjson: it has no saved object"},
		{"no JSON", lines(viewLine, "{oh"), "d.ndjson:2: not a saved object: invalid character"},
		{"null", "null\n", "d.ndjson:1: not a saved object: it lacks type"},
		{"no dashboard", lines(viewLine), "it has no dashboard"},
		{"twice", lines(viewLine, viewLine), `d.ndjson:2: index-pattern "datuak" (v): d.ndjson:1 has the same type and id`},
		{"lost view", lines(chartLine(lineState, emptySource), dashboardLine(onePlace, noFilters)), `d.ndjson:1: visualization "X" (c): its reference "kibanaSavedObjectMeta.searchSourceJSON.index" is to the index-pattern "v", which isn't in the file`},
		{"no such reference", swap(`\"panel_p1\"`, `\"panel_p2\"`), `d.ndjson:3: dashboard "D" (d): it has no reference "panel_p2"`},
		{"no view", swap(`,\"indexRefName\":\"kibanaSavedObjectMeta.searchSourceJSON.index\"`, ``), `visualization "X" (c): it has no data view`},
		{"a view of no index", swap(`"title":"datuak"`, `"title":""`), "it names no index"},
		{"runtime fields", swap(`"fields":"[]"`, `"runtimeFieldMap":"{\"a\":{}}"`), "runtime fields aren't understood"},
		{"no time", swap(`"timeRestore":true`, `"timeRestore":false`), `d.ndjson:3: dashboard "D" (d): it has no stored time range`},
		{"a wrong time", swap(`2023-11-14T22:10:00.000Z`, `yesterday`), `begins at "yesterday" isn't a time`},
		{"time backwards", swap(`2023-11-14T22:10:00.000Z`, `now`), "before it begins"},
		{"newer model", swap(`"migrationVersion":{"visualization":"7.17.0"}`, `"typeMigrationVersion":"10.2.0"`), "Kibana 8.8 or later wrote it, and Kibana 7 refuses objects of newer versions; export it from a 7"},
		{"newer migration", swap(`{"visualization":"7.17.0"}`, `{"visualization":"8.0.0"}`), `visualization "X" (c): Kibana 8.0.0`},
		{"no version", swap(`7.17.3"`, `new"`), `its version "new" isn't one`},
		{"a map", swap(`\"type\":\"visualization\"`, `\"type\":\"map\"`), `panel p1 "" is of type "map" (Maps), which isn't understood here; make a Lens or an aggregation based visualization of it`},
		{"a lost visualization", lines(viewLine, dashboardLine(onePlace, noFilters)), `panel p1 shows the visualization "c", which isn't in the file`},
		{"unknown chart", state(`type\":\"line\",\"params`, `type\":\"vega\",\"params`), `visualizations of type "vega" aren't understood`},
		{"unknown aggregation", state(`type\":\"avg`, `type\":\"std_dev`), `aggregation 1 (std_dev): its place (schema) "metric"`},
		{"unknown bucket", state(`type\":\"date_histogram`, `type\":\"ip_range`), `aggregation 2 (ip_range): this kind isn't understood`},
		{"unknown place", state(`schema\":\"metric`, `schema\":\"radius`), `its place (schema) "radius" isn't understood`},
		{"unknown parameter", state(`scaleMetricValues\":false`, `surprise\":1`), `field "surprise" isn't understood here`},
		{"advanced", state(`customLabel\":\"mean x`, `json\":\"{}`), "advanced JSON isn't understood"},
		{"scaled", state(`scaleMetricValues\":false`, `scaleMetricValues\":true`), "scaled values"},
		{"interval", state(`interval\":\"10s`, `interval\":\"2M`), `interval "2M" isn't understood`},
		{"no metric", state(`enabled\":true,\"type\":\"avg`, `enabled\":false,\"type\":\"avg`), `it has no metric`},
		{"query", swap(`\"query\":\"\"`, `\"query\":\"x : A*\"`), "which is only understood alone"},
		{"lucene", swap(`\"query\":\"\",\"language\":\"kuery\"`, `\"query\":\"x:1\",\"language\":\"lucene\"`), `in the language "lucene"`},
		{"filter", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"range\",\"key\":\"x\"}}]`), `filter 0: it has no query`},
		{"filter of other kinds", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"custom\",\"key\":\"x\"},\"query\":{\"match_all\":{}}}]`), `filter 0: one of type custom isn't understood; want is, is one of, exists or is between`},
		{"a range of two minds", swap(`\"filter\":[]`, `\"filter\":[{\"range\":{\"x\":{\"gte\":1}},\"meta\":{\"type\":\"range\",\"key\":\"x\",\"params\":{\"gte\":2}}}]`), `its query, x >= 1, is what Kibana sends, and its meta, x >= 2`},
		{"a range of something", swap(`\"filter\":[]`, `\"filter\":[{\"range\":{\"x\":{\"from\":1}},\"meta\":{\"type\":\"range\",\"key\":\"x\"}}]`), `a range with "from"`},
		{"filter of meta alone", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"phrases\",\"key\":\"usid\",\"params\":[1600]}}]`), `filter 0: it has no query: Kibana sends it empty`},
		{"filter of two minds", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"phrase\",\"key\":\"action\",\"params\":{\"query\":\"A\"}},\"query\":{\"match_phrase\":{\"action\":\"B\"}}}]`),
			`filter 0: its query, action is B, is what Kibana sends, and its meta, action is A, what Kibana displays`},
		{"filter of other queries", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"phrase\",\"key\":\"a\",\"params\":{\"query\":\"A\"}},\"query\":{\"wildcard\":{\"a\":\"A\"}}}]`), `field "wildcard" isn't understood here`},
		{"filter of several fields", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"phrases\",\"key\":\"a\",\"params\":[1,2]},\"query\":{\"bool\":{\"should\":[{\"match_phrase\":{\"a\":1}},{\"match_phrase\":{\"b\":2}}],\"minimum_should_match\":1}}}]`), `it has several fields`},
		{"filter of any", swap(`\"filter\":[]`, `\"filter\":[{\"meta\":{\"type\":\"phrases\",\"key\":\"a\",\"params\":[1]},\"query\":{\"bool\":{\"should\":[{\"match_phrase\":{\"a\":1}}]}}}]`), `minimum_should_match 1`},
		{"saved search", swap(`"uiStateJSON":"{}"`, `"savedSearchRefName":"search_0"`), "it shows a saved search"},
		{"unknown attribute", swap(`"optionsJSON":"{}"`, `"chapters":[]`), `field "chapters" isn't understood here`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			charts, controls, err := readAll(c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) || charts != nil || controls != nil {
				t.Errorf("error = %v\nwant %q; and no panels: %v", err, c.want, charts)
			}
		})
	}
	for _, newer := range []string{swap(`"7.17.3"`, `"8.1.0"`), swap(`"migrationVersion":{"visualization":"7.17.0"}`, `"managed":false,"typeMigrationVersion":"10.2.0"`)} {
		if _, _, err := (Reader{Major: 8}).Read("d", []byte(newer)); err != nil {
			t.Errorf("Kibana 8 refuses 8's: %v", err)
		}
	}
}
