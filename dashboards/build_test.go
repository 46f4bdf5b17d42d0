package dashboards

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// This file writes the definition in the forms in which Kibana 7.17 and 8.9 store it.
// Package savedobject describes the fields.

type object = map[string]any

const sourceRef = "kibanaSavedObjectMeta.searchSourceJSON.index"

// form is how a version of Kibana stores objects: with the version of each type's last
// migration. Sources: export of 7.17.6; of github.com/elastic/kibana, dashboard_saved_object.ts
// (schemas), visualization_saved_object_migrations.ts (at its end), and
// convertToMultiNamespaceTypeVersion of the data view's type; an export of 8.9 in
// testAccResourceImportSavedObjectsMissingRef of github.com/elastic/terraform-provider-elasticstack.
type form struct {
	kibana, core string
	types        map[string]string
}

var (
	seven = form{"7.17.29", "7.17.29", map[string]string{"index-pattern": "7.11.0", "visualization": "7.17.0", "dashboard": "7.17.3"}}
	eight = form{"8.9.0", "8.8.0", map[string]string{"index-pattern": "8.0.0", "visualization": "8.5.0", "dashboard": "8.9.0"}}
)

func (f form) is8() bool { return f.kibana == eight.kibana }

// build returns the export. Objects come before those that refer to them.
func build(t *testing.T, f form) []byte {
	t.Helper()
	b := builder{t: t, form: f}
	b.add(view, "index-pattern", object{"title": index, "timeFieldName": "@timestamp"}, nil)
	var places []object
	if !f.is8() {
		b.add("hoplab-filters", "visualization", b.visualization("Filters", "input_control_vis", controls(), nil, false), controlRefs())
		places = append(places, b.place("hoplab-filters", 0, -filtersHeight, 48, filtersHeight))
	}
	for _, c := range charts {
		b.add(c.id, "visualization", b.visualization(c.title, c.kind, f.looks(c), c.aggs, true), []object{ref(sourceRef, "index-pattern", view)})
		places = append(places, b.place(c.id, c.x, c.y, c.w, c.h))
	}
	board := object{
		"title": "The pipeline's rows", "description": "Acceleration and rotation, by activity and over event time", "version": 1, "hits": 0,
		"panelsJSON": b.json(places), "optionsJSON": b.json(object{"useMargins": true, "hidePanelTitles": false, "syncColors": false}),
		"timeRestore": true, "timeFrom": stamp(from), "timeTo": stamp(to), "refreshInterval": object{"pause": true, "value": 0},
		"kibanaSavedObjectMeta": b.source(false),
	}
	if f.is8() {
		board["controlGroupInput"] = b.controlGroup()
	}
	b.add(dashboard, "dashboard", board, b.panelRefs)
	return b.out.Bytes()
}

type builder struct {
	form
	t         *testing.T
	out       bytes.Buffer
	panelRefs []object
}

func (b *builder) add(id, kind string, attributes object, references []object) {
	if references == nil {
		references = []object{}
	}
	o := object{"id": id, "type": kind, "attributes": attributes, "references": references, "coreMigrationVersion": b.core}
	if b.is8() {
		o["typeMigrationVersion"], o["managed"] = b.types[kind], false
	} else {
		o["migrationVersion"] = object{kind: b.types[kind]}
	}
	b.out.WriteString(b.json(o) + "\n")
}

func (b *builder) visualization(title, kind string, params object, aggs []object, ofView bool) object {
	if aggs == nil {
		aggs = []object{}
	}
	return object{
		"title": title, "description": "", "version": 1, "uiStateJSON": "{}", "kibanaSavedObjectMeta": b.source(ofView),
		"visState": b.json(object{"title": title, "type": kind, "params": params, "aggs": aggs}),
	}
}

func (b *builder) source(ofView bool) object {
	source := object{"query": object{"query": "", "language": "kuery"}, "filter": []object{}}
	if ofView {
		source["indexRefName"] = sourceRef
	}
	return object{"searchSourceJSON": b.json(source)}
}

// filtersHeight is that of the panel of controls of 7.17; 8 has them above the panels.
const filtersHeight = 6

func (b *builder) place(id string, x, y, w, h int) object {
	name := "panel_" + id
	b.panelRefs = append(b.panelRefs, ref(id+":"+name, "visualization", id))
	if !b.is8() {
		y += filtersHeight
	}
	return object{
		"version": b.kibana, "type": "visualization", "panelIndex": id, "panelRefName": name,
		"gridData": object{"x": x, "y": y, "w": w, "h": h, "i": id}, "embeddableConfig": object{"enhancements": object{}},
	}
}

func controls() object {
	list := []object{}
	for i, f := range filters {
		list = append(list, object{
			"id": f.field, "fieldName": f.field, "parent": "", "label": f.label, "type": "list",
			"options":             object{"type": "terms", "multiselect": true, "dynamicOptions": false, "size": 100, "order": "desc"},
			"indexPatternRefName": fmt.Sprintf("control_%d_index_pattern", i),
		})
	}
	return object{"controls": list, "updateFiltersOnChange": true, "useTimeFilter": true, "pinFilters": false}
}

func controlRefs() (list []object) {
	for i := range filters {
		list = append(list, ref(fmt.Sprintf("control_%d_index_pattern", i), "index-pattern", view))
	}
	return list
}

// controlGroup has the controls in the form of 8. Kibana 9 doesn't let one make those of
// 7.17 (disableCreate in input_control_vis_type.ts of github.com/elastic/kibana).
func (b *builder) controlGroup() object {
	panels := object{}
	for i, f := range filters {
		panels[f.field] = object{
			"order": i, "width": "medium", "grow": true, "type": "optionsListControl",
			"explicitInput": object{"id": f.field, "fieldName": f.field, "title": f.label, "enhancements": object{}},
		}
		b.panelRefs = append(b.panelRefs, ref("controlGroup_"+f.field+":optionsListDataView", "index-pattern", view))
	}
	return object{
		"controlStyle": "oneLine", "chainingSystem": "HIERARCHICAL", "panelsJSON": b.json(panels),
		"ignoreParentSettingsJSON": b.json(object{"ignoreFilters": false, "ignoreQuery": false, "ignoreTimerange": false, "ignoreValidations": false}),
	}
}

func ref(name, kind, id string) object { return object{"name": name, "type": kind, "id": id} }

func (b *builder) json(v any) string {
	b.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z") }
