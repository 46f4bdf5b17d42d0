package provisioning

import (
	"strings"
	"testing"
)

// TestMore: what people add to a dashboard, and what other versions of Grafana write. It
// is read, or named in one sentence with what to do.
func TestMore(t *testing.T) {
	panels, list := `"panels": [`, `"templating": {"list": [`
	more := func(target string) string {
		return panels + `{"type": "table", "id": 90, "title": "More", "datasource": {"type": "elasticsearch", "uid": "s"}, "targets": [{"refId": "A", "query": "", "dsType": "elasticsearch", ` + target + `}]},`
	}
	byAction := `"bucketAggs": [{"id": "2", "type": "terms", "field": "action", "fake": true, "settings": {"missing": null, "size": "0", "order": "asc", "orderBy": "_term"}}]`
	for _, c := range []struct{ old, new, want string }{
		{panels, panels + `{"type": "news", "id": 90, "title": "N", "options": {"feedUrl": "x"}}, {"type": "dashlist", "id": 91, "title": "L"},`, ""},
		{panels, panels + `{"id": 90, "title": "L", "libraryPanel": {"uid": "a", "name": "Lib"}},`, `panel "L" (90): it is a library panel, which Grafana keeps outside of the dashboard; unlink it there`},
		{panels, more(`"metrics": [{"id": "1", "type": "avg", "field": "x", "meta": {}, "inlineScript": null, "settings": {"script": "", "missing": ""}}], ` + byAction), ""},
		{panels, more(`"metrics": [{"id": "1", "type": "avg", "field": "x", "settings": {"script": "_value * 2"}}], ` + byAction), `panel "More" (90): target A: metrics: avg 1 has a script`},
		{panels, more(`"metrics": [{"id": "1", "type": "raw_data", "settings": {"size": "500"}}], "bucketAggs": []`), `panel "More" (90): target A: its metric is raw_data, which lists rows`},
		{panels, more(`"metrics": [{"id": "1", "type": "count"}], ` + strings.Replace(byAction, `null`, `"none"`, 1)), `terms 2: field "missing" isn't understood`},
		{list, list + `{"type": "adhoc", "name": "Filters", "filters": []},`, ""},
		{list, list + `{"type": "adhoc", "name": "Filters", "filters": [{"key": "action", "operator": "=", "value": "A"}]},`, `variable "Filters": it has filters`},
		{list, list + `{"type": "interval", "name": "step", "query": "1s,10s", "current": {"value": "1s"}}, {"type": "textbox", "name": "words", "query": "", "current": {"value": ""}},`, ""},
		{`\"field\": \"action\"}`, `\"field\": \"action\", \"orderBy\": \"doc_count\", \"order\": \"asc\"}`, ""},
		{panels, panels + `{"type": "graph", "id": 90, "title": "Old", "aliasColors": {}, "dashLength": 10, "xaxis": {"mode": "time"}, "targets": [{"refId": "A"}]},`, `panel "Old" (90): panels of type "graph" aren't understood here; Grafana 11 replaces it`},
		{panels, panels + `{"type": "heatmap", "id": 90, "title": "Heat", "cards": {}, "targets": [{"refId": "A"}]},`, `panel "Heat" (90): panels of type "heatmap" aren't understood here, want one of [barchart`},
		{`"refId": "B", "query": "*", "datasource": {"type": "elasticsearch", "uid": "old"},`, `"refId": "B", "datasource": {"name": "Expression", "type": "__expr__", "uid": "__expr__"}, "type": "math", "expression": "$A * 2",`, `target B: it is an expression, which Grafana itself computes`},
		{`"refId": "B", "query": "*", "datasource": {"type": "elasticsearch", "uid": "old"},`, `"refId": "B", "datasource": {"type": "prometheus", "uid": "p"}, "expr": "up", "range": true,`, `target B: its datasource is of type "prometheus"`},
		{`"refId": "B", "query": "*", "datasource": {"type": "elasticsearch", "uid": "old"},`, `"refId": "B", "hide": true, "datasource": {"type": "prometheus", "uid": "p"}, "expr": "up",`, ""},
		{panels, more(`"metrics": [{"id": "1", "type": "top_metrics", "settings": {"metrics": ["x"], "order": "top"}}], ` + byAction), `target A: metrics: 1: type "top_metrics" isn't understood`},
		{panels, more(`"metrics": [{"id": "1", "type": "count"}], "bucketAggs": [{"id": "2", "type": "filters", "settings": {"filters": [{"query": "sensor:accel", "label": ""}]}}]`), `target A: bucketAggs: 2: type "filters" isn't understood`},
		{`sensor:accel AND action:$activity`, `action:$words`, "has no variable $words"},
	} {
		good := testdata(t, "good.json")
		text := strings.Replace(good, c.old, c.new, 1)
		if text == good {
			t.Fatalf("the dashboard has no %s", c.old)
		}
		_, err := Read(folder(testdata(t, "sources.yaml"), text), Options{})
		wantError(t, err, c.want)
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("it is more than one sentence: %v", err)
		}
	}
	used := strings.NewReplacer(list, list+`{"type": "textbox", "name": "words", "query": "", "current": {"value": ""}},`, `sensor:accel AND action:$activity`, `action:$words`).Replace(testdata(t, "good.json"))
	_, err := Read(folder(testdata(t, "sources.yaml"), used), Options{})
	wantError(t, err, `of the variable $words, "" is chosen`)
}
