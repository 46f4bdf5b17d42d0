package provisioning

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestBadDashboards changes the good dashboard in one place each.
func TestBadDashboards(t *testing.T) {
	const lines, numbers = `d.json: panel "Lines" (1): `, `d.json: panel "Numbers" (3): `
	cases := []struct{ old, new, want string }{
		{`"refresh": "",`, `"refresh": ,`, "dashboards/d.json:2:80: it isn't valid JSON"},
		{`"panels": [` + "\n", `"panels": {` + "\n", "dashboards/d.json:10:5: it isn't valid JSON"},
		{`"schemaVersion": 42`, `"schemaVersion": "42"`, "dashboards/d.json:2:"},
		{`"schemaVersion": 42`, `"schemaVersion": 16`, "schemaVersion is 16"},
		{`"uid": "d", "title"`, `"title"`, "no uid"},
		{`"utc"`, `"Mars/Olympus"`, `timezone "Mars/Olympus"`},
		{`"2023-11-14T22:13:00.000Z"`, `"now-1h"`, `from "now-1h" isn't before`},
		{`"2023-11-14T22:13:00.000Z"`, `"now-5y"`, ""}, {`"2023-11-14T22:13:00.000Z"`, `"now/w"`, `time: from: "now/w": rounding to "w"`},
		{`"utc"`, `"Europe/Madrid"`, ""},
		{`"2023-11-14T22:13:00.000Z"`, `"2024-11-14T22:13:00.000Z"`, "isn't before"},
		{`"builtIn": 1`, `"builtIn": 0`, ""},
		{`"builtIn": 1, "name": "Annotations & Alerts", "datasource": {"type": "grafana", "uid": "-- Grafana --"}`,
			`"name": "falls", "datasource": {"uid": "s"}`, `annotation "falls": annotations that query a data source`},

		{`"id": 3`, `"id": 1`, `panel "Numbers" (1): panel "Lines" has the id 1 too`},
		{`"id": 1, "type"`, `"type"`, `panel "Lines": it has no id`},
		{`"id": 1, "type": "timeseries"`, `"id": "one", "type": "timeseries"`, "panels"},
		{`"timeseries"`, `"geomap"`, lines + `panels of type "geomap" aren't understood here, want one of [barchart bargauge`},
		{`"timeseries"`, `"histogram"`, lines + `panels of type "histogram"`},
		{`"title": "Lines",`, `"title": "Lines", "timeShift": "1h",`, lines + `field "timeShift" is "1h"`},
		{`"title": "Lines",`, `"title": "Lines", "repeat": "activity",`, lines + `field "repeat"`},
		{`"title": "Lines",`, `"title": "Lines", "transformations": [{"id": "reduce"}],`, lines + `field "transformations"`},
		{`"title": "Lines",`, `"title": "Lines", "transformations": [{"id": "reduce", "disabled": true}],`, ""},
		{`"title": "Lines",`, `"title": "Lines", "transformations": [{"id": "organize", "options": {"excludeByName": {"y": false}, "renameByName": {"x": "X"}}}, {"id": "sortBy"}],`, ""},
		{`"title": "Lines",`, `"title": "Lines", "transformations": [{"id": "organize", "options": {"excludeByName": {"y": true}}}],`, lines + `field "transformations"`},
		{`"title": "Lines",`, `"title": "Lines", "libraryPanel": {"uid": "l"},`, lines + `it is a library panel`},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"}`, `"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "t"}`, lines + `target A: no data source has the uid or the name "t"`},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"}`, `"title": "Lines", "datasource": "s"`, ""},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"}`, `"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "${DS_S}"}`, lines + "target A: its datasource is ${DS_S}: the dashboard was exported for sharing; choose your data source"},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"}`, `"title": "Lines", "datasource": {"type": "datasource", "uid": "-- Mixed --"}`, lines + "target A: it names no datasource, and none has isDefault"},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"}`, `"title": "Lines", "datasource": {"type": "prometheus", "uid": "p"}`, lines + `target A: its datasource is of type "prometheus"`},
		{`"title": "Lines", "datasource": {"type": "elasticsearch", "uid": "s"},`, `"title": "Lines",`, lines + "target A: it names no datasource, and none has isDefault"},
		{`"values": true`, `"values": false`, numbers + "target A: options.reduceOptions.values"},
		{`"type": "row"`, `"type": "stat"`, `panel "Folded" (2): it has no targets`},
		{`"id": 3, "type": "stat"`, `"id": 3, "type": "row"`, numbers + "it is a row in a row"},
		{`"title": "Folded",`, `"title": "Folded", "repeat": "activity",`, `panel "Folded" (2): repeat`},
		{`"targets": [{"refId": "A", "query": "sensor`, `"targets": [], "targts": [{"refId": "A", "query": "sensor`, lines + `field "targts" isn't understood`},

		{`"refId": "B"`, `"refId": "A"`, numbers + "target A: another target also has the refId"},
		{`"refId": "A", "query": "sensor`, `"query": "sensor`, lines + "target : it has no refId"},
		{`"refId": "B",`, `"refId": "B", "hide": true,`, ""},
		{`"refId": "B",`, `"refId": "B", "queryType": "esql",`, numbers + `target B: queryType "esql"`},
		{`"refId": "B",`, `"refId": "B", "timeField": "ts",`, numbers + `target B: timeField is "ts"`},
		{`"refId": "B",`, `"refId": "B", "scale": 2,`, numbers + `targets: field "scale" isn't understood`},
		{`action:$activity`, `action:$activty`, lines + `target A: query "sensor:accel AND action:$activty": the dashboard has no variable $activty`},
		{`action:$activity`, `NOT action:A`, lines + `target A: query "sensor:accel AND NOT action:A": "NOT" stands where a field is expected`},
		{`action:$activity`, `action:A*`, `"*" stands where AND is expected`},
		{`action:$activity`, `action:`, "it ends where a value is expected"},
		{`action:$activity`, `action:(A B)`, `"B" stands where OR or ) is expected`},
		{`action:$activity`, `x:[1 TO 2]`, `"[" stands where a value is expected`},
		{`action:$activity`, `action`, "it ends where a colon is expected"},

		{`"interval": "10s"`, `"interval": "auto"`, lines + `target A: bucketAggs: date_histogram 2: interval is "auto"`},
		{`"interval": "10s"`, `"interval": "$__interval"`, `interval is "$__interval"`},
		{`"interval": "10s",`, ``, `interval is ""`},
		{`"interval": "10s"`, `"interval": "1q"`, `interval is "1q"`},
		{`"interval": "10s"`, `"interval": "0s"`, `interval is "0s"`},
		{`"interval": "10s"`, `"interval": "10s", "timeZone": "Europe/Madrid"`, "timeZone"},
		{`"interval": "10s"`, `"interval": "10s", "offset": "1s"`, "offset"},
		{`"interval": "10s"`, `"interval": "10s", "missing": "0"`, `field "missing" isn't understood`},
		{`"interval": "10s"`, `"interval": {}`, "is neither a string nor a number"},
		{`"trimEdges": "0"`, `"trimEdges": "1"`, "trimEdges"},
		{`"min_doc_count": 0`, `"min_doc_count": 2`, `min_doc_count is "2"`},
		{`"interval": "5"`, `"interval": "0.5"`, ""},
		{`"interval": "5"`, `"interval": 5`, numbers + `target B: bucketAggs: histogram 2: interval is the number 5: Grafana uses 1000 instead; write it as text, "5"`},
		{`"interval": "5"`, `"interval": "auto"`, `histogram 2: interval is "auto", want a number above 0: Grafana uses 1000`},
		{`"interval": "5"`, `"interval": "-5"`, `histogram 2: interval is "-5", want a number above 0`},
		{`"interval": "5"`, `"interval": "-1"`, `interval is "-1"`},
		{`"size": "5"`, `"size": 5`, ""},
		{`"size": "5"`, `"size": 0`, `terms 3: size is the number 0, which Grafana sends as it is and Elasticsearch refuses; write it as text, "0"`},
		{`"orderBy": "_count"`, `"orderBy": "_term"`, ""},
		{`"title": "Folded",`, `"title": "Folded", "targets": [{"refId": "A"}],`, ""},
		{"\"panels\": [\n    {\"id\": 1", `"panels": [{"id": 99, "type": "text", "title": "About", "gridPos": {"h": 3}, "options": {"mode": "markdown", "content": "# hi"}}, {"id": 1`, ""},
		{`"orderBy": "_count"`, `"orderBy": "1"`, `orderBy is "1"`},
		{`"order": "desc"`, `"order": "down"`, `order is "down"`},
		{`"size": "5"`, `"size": "many"`, `size is "many"`},
		{`"size": "5"`, `"interval": "5"`, "it has interval"},
		{`"type": "date_histogram"`, `"type": "filters"`, `type "filters" isn't understood`},
		{`"id": "2", "type": "date_histogram"`, `"id": "3", "type": "date_histogram"`, `bucketAggs: the id "3" is used twice`},
		{`"id": "2", "type": "date_histogram"`, `"type": "date_histogram"`, "has no id"},
		{`"type": "timeseries"`, `"type": "barchart"`, "a barchart over time"},
		{`{"id": "2", "type": "date_histogram", "settings": {"interval": "10s", "min_doc_count": 0, "trimEdges": "0"}}`,
			`{"id": "2", "type": "terms", "field": "action", "settings": {"order": "asc", "orderBy": "_key"}}`, "a timeseries needs a date_histogram as the last one"},
		{`{"id": "3", "type": "terms", "field": "device", "settings": {"order": "desc", "orderBy": "_count", "size": "5"}}`,
			`{"id": "3", "type": "date_histogram", "settings": {"interval": "1s"}}`, "the date_histogram 3 isn't the last one"},

		{`"type": "avg"`, `"type": "derivative"`, lines + `target A: metrics: 1: type "derivative"`},
		{`"field": "x"`, `"field": "x", "hide": true`, "is hidden"},
		{`"field": "x"`, `"field": "x", "settings": {"script": "_value*2"}`, `avg 1 has a script`},
		{`"field": "x"`, `"field": "x", "settings": {"percents": ["1"]}`, "has percents"},
		{`{"id": "4", "type": "count"}`, `{"id": "1", "type": "count"}`, `metrics: the id "1" is used twice`},
		{`{"id": "4", "type": "count"}`, `{"type": "count"}`, "has no id"},
		{`["2", 50]`, `[]`, "settings.percents is empty"},
		{`["2", 50]`, `["101"]`, `"101" isn't a percentage`},
		{`["2", 50]`, `["NaN"]`, `"NaN" isn't a percentage`},

		{`"allValue": "*",`, ``, ""}, {`"allValue": "*",`, `"allValue": null,`, ""},
		{`"includeAll": true`, `"includeAll": false`, `d.json: variable "activity": all is chosen, but includeAll isn't true`},
		{`"name": "activity", "type": "query"`, `"name": "activity", "type": "adhoc"`, "the dashboard has no variable $activity"},
		{`action:$activity`, `action:${activity:lucene}`, ""}, {`action:$activity`, `action:[[activity]]`, ""},
		{`action:$activity`, `action:${activity:percentencode}`, `the format "percentencode" of $activity isn't understood`},
		{`"name": "activity",`, `"name": "activity", "regex": "/A/",`, "regex"},
		{`\"find\": \"terms\"`, `\"find\": \"fields\"`, "isn't understood here, want"},
		{`\"find\": \"terms\"`, `\"find\": \"terms\", \"size\": 3`, `field "size" isn't understood`},
		{`"$__all"`, `[]`, "current.value is []"},
		{`"$__all"`, `"A\" OR \"B"`, "is chosen; only letters"},
		{`"uid": "s"}, "multi"`, `"uid": "t"}, "multi"`, `variable "activity": no data source has the uid or the name "t"`},
	}
	for _, c := range cases {
		t.Run(c.new, func(t *testing.T) {
			before := testdata(t, "good.json")
			after := strings.Replace(before, c.old, c.new, 1)
			if after == before {
				t.Fatalf("the good dashboard has no %s", c.old)
			}
			_, err := Read(folder(testdata(t, "sources.yaml"), after), Options{})
			wantError(t, err, c.want)
		})
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// TestBadSources changes the good data sources in one place each.
func TestBadSources(t *testing.T) {
	cases := []struct{ old, new, want string }{
		{"  - name: s", "  - name: [", "s.yaml: it isn't valid YAML"},
		{`timeField: "@timestamp"`, "", `s.yaml: data source "s": it has no jsonData.timeField, without which Grafana's test of it and every panel fail`},
		{"index: rows, ", "", `data source "s": it has no jsonData.index, so Grafana would query all indices`},
		{"index: rows,", "index: rows, interval: Daily,", `jsonData.interval is "Daily"`},
		{"uid: s\n", "\n", `data source "s": it has no uid`},
		{"uid: old", "uid: s", `data source "old": another one has the uid "s"`},
	}
	for _, c := range cases {
		t.Run(c.new, func(t *testing.T) {
			before := testdata(t, "sources.yaml")
			after := strings.Replace(before, c.old, c.new, 1)
			if after == before {
				t.Fatalf("the good data sources have no %s", c.old)
			}
			_, err := Read(folder(after, testdata(t, "good.json")), Options{})
			wantError(t, err, c.want)
		})
	}
}

func TestBadFolders(t *testing.T) {
	sources, dashboard := testdata(t, "sources.yaml"), testdata(t, "good.json")
	two := folder(sources, dashboard)
	two["dashboards/e.json"] = two["dashboards/d.json"]
	for want, files := range map[string]fstest.MapFS{
		"has no data source of type elasticsearch": {},
		"has no panel": {"datasources/s.yml": {Data: []byte(sources)}},
		`e.json: the dashboard: dashboards/d.json has the uid "d" too`: two,
		`the dashboard "D" has no panel`:                               folder(sources, dashboard[:strings.Index(dashboard, `"panels"`)]+`"panels": []}`),
	} {
		_, err := Read(files, Options{})
		wantError(t, err, want)
	}
}
