package provisioning

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"hoplab.example/harness/client/panel"
)

// queryOf finds a query with its data source, which stands beside the query in v2alpha1.
var queryOf = regexp.MustCompile(`"query": \{(?s:([^{}]*"kind": "elasticsearch",[^{}]*)"datasource": \{\s*"name": "(\w+)"\s*\},)`)

// TestForms: a byte order mark, which Windows' editors write; the answer of Grafana's
// API around the dashboard; the resources of Grafana 12 and 13. Panels that the layout
// of version 2 doesn't have aren't shown.
func TestForms(t *testing.T) {
	sources, plain := testdata(t, "sources.yaml"), testdata(t, "good.json")
	want := good(t, Options{})
	v1 := `{"kind": "Dashboard", "apiVersion": "dashboard.grafana.app/v1beta1", "metadata": {"name": "d"}, "spec": ` + strings.Replace(plain, `"uid": "d", `, "", 1) + "}"
	v2 := testdata(t, "v2beta1.json")
	alpha := strings.NewReplacer("v2beta1", "v2alpha1", `"kind": "DataQuery",`, `"kind": "elasticsearch",`, `"kind": "VizConfig",`, "",
		`"group": "timeseries"`, `"kind": "timeseries"`, `"group": "stat"`, `"kind": "stat"`, `"group": "elasticsearch",`, "", `"group": "grafana",`, "").Replace(v2)
	alpha = queryOf.ReplaceAllString(alpha, `"datasource": {"type": "elasticsearch", "uid": "$2"}, "query": {$1`)
	if strings.Count(alpha, `"datasource": {"type": "elasticsearch"`) != 5 {
		t.Fatalf("v2alpha1 isn't made as it should be: %s", alpha)
	}
	for name, files := range map[string]fstest.MapFS{
		"marks":    folder("\ufeff"+sources, "\ufeff"+plain),
		"wrapped":  folder(sources, `{"meta": {"slug": "d"}, "dashboard": `+plain+`}`),
		"v1beta1":  folder(sources, v1),
		"v2beta1":  folder(sources, v2),
		"v2":       folder(sources, strings.Replace(v2, "v2beta1", "v2", 1)),
		"v2alpha1": folder(sources, alpha),
	} {
		got, err := Read(files, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !reflect.DeepEqual(got.Panels, want.Panels) || !reflect.DeepEqual(got.Variables, want.Variables) || got.Dashboards[0].UID != "d" {
			t.Errorf("%s: %+v, want %+v", name, got.Panels, want.Panels)
		}
		target, err := got.Target(got.Panels[0])
		if err != nil || target["refId"] != "A" || target["query"] != "sensor:accel AND action:*" {
			t.Errorf("%s: the query is %v, %v", name, target, err)
		}
	}
}

func TestBadForms(t *testing.T) {
	v2 := testdata(t, "v2beta1.json")
	swap := func(old, new string) string {
		if !strings.Contains(v2, old) {
			t.Fatalf("the dashboard has no %s", old)
		}
		return strings.Replace(v2, old, new, 1)
	}
	for text, want := range map[string]string{
		`{"meta": {}}`:                  "it has no uid or no title",
		`{"meta": {}, "dashboard": []}`: "d.json:1:",
		`{"__inputs": [{"name": "DS_ELASTICSEARCH"}], "panels": []}`: "it was exported for sharing, and asks on import which data source ${DS_ELASTICSEARCH} is; choose yours",
		`{"apiVersion": "dashboard.grafana.app/v1beta1"}`:            "its spec isn't one of dashboard.grafana.app/v1beta1",
		swap(`"kind": "Panel"`, `"kind": "LibraryPanel"`):            `element "panel-1": it is a "LibraryPanel"`,
		swap(`"kind": "QueryVariable"`, `"kind": "GroupByVariable"`): `variables of type "GroupByVariable" aren't understood here, want query, custom`,
		swap(`"variables": [`, `"variables": [{"kind": "AdhocVariable", "spec": {"name": "f", "baseFilters": [{"key": "action", "operator": "=", "value": "A"}], "filters": []}},`):                                 `variable "f": it has filters`,
		swap(`"variables": [`, `"variables": [{"kind": "AdhocVariable", "spec": {"name": "f", "filters": []}}, {"kind": "IntervalVariable", "spec": {"name": "i", "query": "1s,1m", "current": {"value": "1s"}}},`): "",
		swap(`"name": "panel-1"`, `"name": "panel-7"`):                                            `element "panel-7"`,
		swap(`"hidden": false`, `"hidden": true`):                                                 "each of its targets is hidden",
		swap(`"y": 0,`, `"y": 0, "repeat": {"mode": "variable", "value": "activity"},`):           `field "repeat" is "activity"`,
		swap(`"name": "Annotations & Alerts"`, `"name": "falls"`):                                 "",
		strings.Replace(swap(`"builtIn": true`, `"builtIn": false`), `"-- Grafana --"`, `"s"`, 1): "annotations that query a data source",
	} {
		_, err := Read(folder(testdata(t, "sources.yaml"), text), Options{})
		wantError(t, err, want)
	}
}

// TestVariables: the documented formats and kinds, and what they select.
func TestVariables(t *testing.T) {
	for _, c := range []struct {
		in     string // a query
		values []string
		want   panel.Term
		err    string
	}{
		{in: "action:$activity", values: []string{"A", "B"}, want: panel.Term{Field: "action", Values: []string{"A", "B"}}},
		{in: "action:${activity:lucene}", values: []string{"A"}, want: panel.Term{Field: "action", Values: []string{"A"}}},
		{in: "action:/${activity:regex}/", values: []string{"A", "B"}, want: panel.Term{Field: "action", Values: []string{"A", "B"}}},
		{in: "action:/${activity:pipe}/", values: []string{"A"}, want: panel.Term{Field: "action", Values: []string{"A"}}},
		{in: "action:${activity:raw}", values: []string{"A"}, want: panel.Term{Field: "action", Values: []string{"A"}}},
		{in: "action:${activity:doublequote}", values: []string{"A"}, want: panel.Term{Field: "action", Values: []string{"A"}}},
		{in: "action:($activity)", values: []string{"$__all"}, want: panel.Term{Field: "action"}},
		{in: "action:[[activity]]", values: []string{"$__all"}, want: panel.Term{Field: "action"}},
		{in: "action:/${activity:regex}/", values: []string{"$__all"}, want: panel.Term{Field: "action"}},
		{in: "action:${activity:csv}", values: []string{"A", "B"}, err: `"," stands where AND is expected`},
		{in: "sensor:$activity", values: []string{"$__all"}, err: "all is chosen of $activity, which is then the list of all terms of action; use it as action:$activity"},
		{in: "action:$letter", want: panel.Term{Field: "action", Values: []string{"C"}}},
		{in: "action:$one", want: panel.Term{Field: "action", Values: []string{"A", "B"}}},
		{in: "action:${fixed}", want: panel.Term{Field: "action", Values: []string{"D"}}},
	} {
		text := strings.NewReplacer(`"allValue": "*",`, "", `sensor:accel AND action:$activity`, c.in, `"datasource": {"type": "elasticsearch", "uid": "s"}, "gridPos"`, `"datasource": {"type": "elasticsearch", "uid": "${source}"}, "gridPos"`,
			`"templating": {"list": [`, `"templating": {"list": [{"name": "source", "type": "datasource", "query": "elasticsearch", "current": {"text": "s", "value": "s"}},
				{"name": "letter", "type": "textbox", "query": "C", "current": {"value": "C"}}, {"name": "fixed", "type": "constant", "query": "D"},
				{"name": "one", "type": "custom", "query": "A, B", "multi": true, "includeAll": true, "current": {"value": ["$__all"]}},`).Replace(testdata(t, "good.json"))
		o := Options{}
		if c.values != nil {
			o.Variables = map[string][]string{"activity": c.values}
		}
		p, err := Read(folder(testdata(t, "sources.yaml"), text), o)
		wantError(t, err, c.err)
		if err != nil {
			continue
		}
		if got := p.Panels[0].Filter; c.want.Values == nil && len(got) != 0 || c.want.Values != nil && !reflect.DeepEqual(got, []panel.Term{c.want}) {
			t.Errorf("%s of %v: %v, want %v", c.in, c.values, got, c.want)
		}
	}
}
