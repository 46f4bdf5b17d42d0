package dashboards

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

// This file writes the definition in the form in which Kibana 7.17 stores it. Package
// savedobject describes the fields.

type object = map[string]any

const sourceRef = "kibanaSavedObjectMeta.searchSourceJSON.index"

// versions are those of each type's last migration; kibanaVersion is that of the
// stack classic.
var versions = map[string]string{"index-pattern": "7.11.0", "visualization": "7.17.0", "dashboard": "7.17.3"}

const kibanaVersion = "7.17.29"

// build returns the export. Objects come before those that refer to them.
func build(t *testing.T) []byte {
	t.Helper()
	b := builder{t: t}
	b.add(view, "index-pattern", object{"title": index, "timeFieldName": "@timestamp"}, nil)
	b.add("hoplab-filters", "visualization", b.visualization("Filters", "input_control_vis", controls(), nil, false), controlRefs())
	places := []object{b.place("hoplab-filters", 0, 0, 48, 6)}
	for _, c := range charts {
		b.add(c.id, "visualization", b.visualization(c.title, c.kind, looks(c), c.aggs, true), []object{ref(sourceRef, "index-pattern", view)})
		places = append(places, b.place(c.id, c.x, c.y, c.w, c.h))
	}
	b.add(dashboard, "dashboard", object{
		"title": "The pipeline's rows", "description": "Acceleration and rotation, by activity and over event time", "version": 1, "hits": 0,
		"panelsJSON": b.json(places), "optionsJSON": b.json(object{"useMargins": true, "hidePanelTitles": false, "syncColors": false}),
		"timeRestore": true, "timeFrom": stamp(from), "timeTo": stamp(to), "refreshInterval": object{"pause": true, "value": 0},
		"kibanaSavedObjectMeta": b.source(false),
	}, b.panelRefs)
	return b.out.Bytes()
}

type builder struct {
	t         *testing.T
	out       bytes.Buffer
	panelRefs []object
}

func (b *builder) add(id, kind string, attributes object, references []object) {
	if references == nil {
		references = []object{}
	}
	b.out.WriteString(b.json(object{
		"id": id, "type": kind, "attributes": attributes, "references": references,
		"migrationVersion": object{kind: versions[kind]}, "coreMigrationVersion": kibanaVersion,
	}) + "\n")
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

func (b *builder) place(id string, x, y, w, h int) object {
	name := "panel_" + id
	b.panelRefs = append(b.panelRefs, ref(id+":"+name, "visualization", id))
	return object{
		"version": kibanaVersion, "type": "visualization", "panelIndex": id, "panelRefName": name,
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

// looks returns what Kibana's editor sets for a new chart of this kind.
func looks(c chart) object {
	if c.kind == "metric" {
		return object{"addTooltip": true, "addLegend": false, "type": "metric", "metric": object{
			"percentageMode": false, "useRanges": false, "colorSchema": "Green to Red", "metricColorMode": "None",
			"colorsRange": []object{{"from": 0, "to": 10000}}, "labels": object{"show": true}, "invertColors": false,
			"style": object{"bgFill": "#000", "bgColor": false, "labelColor": false, "subText": "", "fontSize": 20},
		}}
	}
	return object{
		"type": c.kind, "grid": object{"categoryLines": false}, "addTooltip": true, "addLegend": true, "legendPosition": "right",
		"times": []object{}, "addTimeMarker": false, "labels": object{},
		"thresholdLine": object{"show": false, "value": 10, "width": 1, "style": "full", "color": "#E7664C"},
		"categoryAxes":  []object{axis("CategoryAxis-1", "category", "bottom", object{})},
		"valueAxes":     []object{axis("ValueAxis-1", "value", "left", object{"text": c.values})},
		"seriesParams":  series(c),
	}
}

func axis(id, kind, position string, title object) object {
	axis := object{
		"id": id, "type": kind, "position": position, "show": true, "style": object{}, "title": title,
		"scale": object{"type": "linear"}, "labels": object{"show": true, "filter": kind == "category", "truncate": 100},
	}
	if kind == "value" {
		axis["name"], axis["scale"] = "LeftAxis-1", object{"type": "linear", "mode": "normal"}
		axis["labels"].(object)["rotate"] = 0
	}
	return axis
}

func series(c chart) (list []object) {
	mode := "normal"
	if c.kind == "histogram" {
		mode = "stacked"
	}
	for _, a := range c.aggs {
		if a["schema"] == "metric" {
			list = append(list, object{
				"show": true, "type": c.kind, "mode": mode, "data": object{"id": a["id"], "label": fmt.Sprint(a["type"])},
				"valueAxis": "ValueAxis-1", "drawLinesBetweenPoints": true, "lineWidth": 2, "interpolate": "linear", "showCircles": true,
			})
		}
	}
	return list
}
