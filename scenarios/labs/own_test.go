package labs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/verify/hop"
)

// TestOwnDashboard grades an export that somebody has built in Kibana, with other ids
// and titles, panels in the dashboard itself, fewer panels with more in each, a text,
// and the summary line at the end.
func TestOwnDashboard(t *testing.T) {
	l, err := lab.Find(allLabs(t), "kibana")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ndjson), []byte(ownDashboard(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range graded(t, l, dir).Checks {
		if c.Outcome != hop.Passed {
			t.Errorf("%s: %s: %s", c.ID, c.Outcome, c.Reason)
		}
	}
}

type object = map[string]any

func ownDashboard(t *testing.T) string {
	t.Helper()
	const view = "3f6c1e60-8a3e-11ee-8d1c-bd8f2f6f1a11"
	var places, references []object
	for i, vis := range []object{
		saved("", "markdown", object{"markdown": "# Nire datuak", "fontSize": 12}),
		saved("", "input_control_vis", object{"updateFiltersOnChange": false, "useTimeFilter": false, "pinFilters": false, "controls": []object{{
			"id": "1700000000000", "indexPattern": view, "fieldName": "action", "parent": "", "label": "", "type": "list",
			"options": object{"type": "terms", "multiselect": true, "dynamicOptions": false, "size": 18, "order": "desc"},
		}}}),
		saved(view, "metric", object{}, append(aggregations("avg", "x", "y", "z"), append(aggregations("max", "x", "y", "z"), percentiles("x", "y", "z")...)...)...),
		saved(view, "area", object{}, append(aggregations("avg", "x", "z"), segment("histogram", object{"field": "y", "interval": 1}))...),
		saved(view, "line", object{}, append(aggregations("avg", "x", "y", "z"), segment("date_histogram", object{"field": "@timestamp", "interval": "auto", "useNormalizedEsInterval": true}))...),
		saved(view, "table", object{}, append(aggregations("min", "ts"), object{"id": "t", "enabled": true, "type": "terms", "schema": "bucket", "params": object{"field": "sensor", "size": 5, "order": "desc", "orderBy": "_key"}})...),
	} {
		id := fmt.Sprintf("panel-%d", i)
		places = append(places, object{
			"version": "7.17.29", "type": "visualization", "panelIndex": id, "gridData": object{"x": 0, "y": 12 * i, "w": 48, "h": 12, "i": id},
			"embeddableConfig": object{"savedVis": vis, "enhancements": object{}},
		})
	}
	references = append(references, object{"id": view, "name": "unused", "type": "index-pattern"})
	lines := []string{
		text(t, object{"id": view, "type": "index-pattern", "references": []object{}, "attributes": object{"title": "datuak", "timeFieldName": "@timestamp", "fields": "[]"}}),
		text(t, object{"id": "9a", "type": "dashboard", "references": references, "attributes": object{
			"title": "Nirea", "panelsJSON": text(t, places), "optionsJSON": "{}", "timeRestore": true,
			"timeFrom": "2023-11-14T22:00:00.000Z", "timeTo": "2023-11-14T23:00:00.000Z",
			"kibanaSavedObjectMeta": object{"searchSourceJSON": `{"query":{"query":"","language":"kuery"},"filter":[]}`},
		}}),
		`{"exportedCount":2,"missingRefCount":0,"missingReferences":[]}`,
	}
	return strings.Join(lines, "\n") + "\n"
}

// saved is a visualization that a dashboard holds itself.
func saved(view, kind string, params object, aggs ...object) object {
	if aggs == nil {
		aggs = []object{}
	}
	source := object{"query": object{"query": "", "language": "kuery"}, "filter": []object{}}
	if view != "" {
		source["index"] = view
	}
	return object{"title": "Nire " + kind, "type": kind, "params": params, "uiState": object{}, "data": object{"aggs": aggs, "searchSource": source}}
}

func aggregations(of string, fields ...string) (list []object) {
	for _, field := range fields {
		list = append(list, object{"id": of + field, "enabled": true, "type": of, "schema": "metric", "params": object{"field": field}})
	}
	return list
}

func percentiles(fields ...string) []object {
	list := aggregations("percentiles", fields...)
	for i := range list {
		list[i]["params"].(object)["percents"] = []float64{2, 50}
	}
	return list
}

func segment(kind string, params object) object {
	return object{"id": "s", "enabled": true, "type": kind, "schema": "segment", "params": params}
}

func text(t *testing.T, v any) string {
	t.Helper()
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
