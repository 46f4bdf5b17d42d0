package paneldef

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/strictjson"
)

// export is one of Kibana's: a saved object per line.
type export struct {
	lines   []string
	objects []object // by line; nil for an empty line
}

func readExport(text []byte) (e export, err error) {
	for line := range bytes.Lines(text) {
		var o object
		if len(bytes.TrimSpace(line)) > 0 {
			if o, err = decode(line); err != nil {
				return e, fmt.Errorf("line %d: %w", len(e.lines)+1, strictjson.Explain(err))
			}
		}
		e.lines, e.objects = append(e.lines, string(line)), append(e.objects, o)
	}
	return e, nil
}

// charts returns the lines of the visualizations that show data.
func (e export) charts() (lines []int) {
	for i, o := range e.objects {
		if o["type"] == "visualization" && !slices.Contains([]string{"", "input_control_vis", "markdown"}, visType(o)) {
			lines = append(lines, i)
		}
	}
	return lines
}

func title(o object) string { return fmt.Sprint(at(o, "attributes")["title"]) }

func visType(o object) string {
	state, _ := visState(o)
	kind, _ := state["type"].(string)
	return kind
}

func kibanaPanels(text []byte) (list []Panel, err error) {
	e, err := readExport(text)
	for _, i := range e.charts() {
		list = append(list, Panel{title(e.objects[i]), lab.TodoLine([]byte(e.lines[i])) > 0})
	}
	return list, err
}

func kibana(text []byte, d Definition) (changed []byte, added bool, err error) {
	e, err := readExport(text)
	if err != nil {
		return nil, false, err
	}
	found := -1
	for _, i := range e.charts() {
		switch {
		case title(e.objects[i]) != d.Title:
		case found >= 0:
			return nil, false, fmt.Errorf("two charts have the title %q: give one of them another", d.Title)
		default:
			found = i
		}
	}
	if found >= 0 {
		if err := d.fillKibana(e.objects[found]); err != nil {
			return nil, false, fmt.Errorf("line %d: %w", found+1, err)
		}
		e.lines[found] = encode(e.objects[found], "", "") + "\n"
	} else if err := e.add(d); err != nil {
		return nil, false, err
	}
	return []byte(strings.Join(e.lines, "")), found < 0, nil
}

// add puts a chart that looks as the first of its kind in the file, and is shown below the
// others, before the dashboard.
func (e export) add(d Definition) error {
	if len(d.Metrics) == 0 {
		return fmt.Errorf("no chart has the title %q, and a new one needs --show", d.Title)
	}
	board := slices.IndexFunc(e.objects, func(o object) bool { return o["type"] == "dashboard" })
	if board < 0 {
		return errors.New("it has no dashboard")
	}
	kind := "metric"
	if len(d.Buckets) > 0 {
		kind = map[panel.Grouping]string{panel.Terms: "histogram", panel.Histogram: "line", panel.DateHistogram: "line"}[d.Buckets[0].By]
	}
	model := slices.IndexFunc(e.charts(), func(i int) bool { return visType(e.objects[i]) == kind })
	if model < 0 {
		return fmt.Errorf("no chart is of the type %s, from which a new one would get its look: make it in Kibana", kind)
	}
	chart, err := decode([]byte(e.lines[e.charts()[model]]))
	if err != nil {
		return err
	}
	ids := map[any]bool{}
	for _, o := range e.objects {
		ids[o["id"]] = true
	}
	id := ""
	for n := 1; id == "" || ids[id]; n++ {
		id = fmt.Sprintf("panel-%d", n)
	}
	if d.Where == nil {
		d.Where = new(string)
	}
	if d.Buckets == nil {
		d.Buckets = []Bucket{}
	}
	chart["id"], at(chart, "attributes")["title"] = id, d.Title
	if err := d.fillKibana(chart); err != nil {
		return err
	}
	if err := show(e.objects[board], id); err != nil {
		return fmt.Errorf("line %d: the dashboard's panels: %w", board+1, err)
	}
	e.lines[board] = encode(chart, "", "") + "\n" + encode(e.objects[board], "", "") + "\n"
	return nil
}

// show puts a chart on a dashboard, below all others.
func show(board object, id string) error {
	attributes := at(board, "attributes")
	text, _ := attributes["panelsJSON"].(string)
	var places []any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&places); err != nil {
		return strictjson.Explain(err)
	}
	place := object{"embeddableConfig": object{"enhancements": object{}}, "panelIndex": id, "panelRefName": "panel_" + id, "type": "visualization"}
	var lowest int64
	for _, p := range places {
		p, _ := p.(object)
		lowest = below(lowest, at(p, "gridData"))
		if p["version"] != nil {
			place["version"] = p["version"]
		}
	}
	place["gridData"] = object{"x": 0, "y": lowest, "w": 48, "h": 12, "i": id}
	attributes["panelsJSON"] = encode(append(places, place), "", "")
	references, _ := board["references"].([]any)
	board["references"] = append(references, object{"id": id, "name": id + ":panel_" + id, "type": "visualization"})
	return nil
}

// bareTodo is one that isn't in quotes, so that it is no JSON until it is filled in.
var bareTodo = regexp.MustCompile(`([:,\[]\s*)` + lab.Todo)

const quotedTodo = "\"\ue000\"" // a character that no chart uses

// visState reads what a visualization draws, which is JSON in a text.
func visState(o object) (object, error) {
	text, _ := at(o, "attributes")["visState"].(string)
	if text == "" {
		return nil, errors.New("it has no visState: charts made with Lens are changed in Kibana")
	}
	return decode([]byte(bareTodo.ReplaceAllString(text, "${1}"+quotedTodo)))
}

// fillKibana puts the definition into a visualization.
func (d Definition) fillKibana(o object) error {
	attributes := at(o, "attributes")
	state, err := visState(o)
	if err != nil {
		return fmt.Errorf("visState: %w", strictjson.Explain(err))
	}
	state["title"] = d.Title
	all, _ := state["aggs"].([]any)
	var metrics, buckets []any
	for _, a := range all {
		if a, ok := a.(object); ok && a["schema"] == "metric" {
			metrics = append(metrics, a)
		} else {
			buckets = append(buckets, a)
		}
	}
	if d.Buckets != nil {
		buckets = nil
	}
	if d.Metrics != nil {
		metrics = d.kibanaMetrics(buckets)
		d.series(at(state, "params"), metrics)
	}
	number := numbers(10, metrics)
	for i, b := range d.Buckets {
		place := "segment"
		if state["type"] == "metric" || i > 0 {
			place = "group"
		}
		buckets = append(buckets, kibanaBucket(number(), place, b))
	}
	state["aggs"] = append(metrics, buckets...)
	attributes["visState"] = strings.ReplaceAll(encode(state, "", ""), quotedTodo, lab.Todo)
	if d.Where == nil {
		return nil
	}
	meta := at(attributes, "kibanaSavedObjectMeta")
	text, _ := meta["searchSourceJSON"].(string)
	source, err := decode([]byte(text))
	if err != nil {
		return fmt.Errorf("searchSourceJSON: %w", strictjson.Explain(err))
	}
	source["query"] = object{"language": "kuery", "query": *d.Where}
	meta["searchSourceJSON"] = encode(source, "", "")
	return nil
}

func (d Definition) kibanaMetrics(kept []any) (list []any) {
	number := numbers(1, kept)
	for _, m := range d.Metrics {
		by := object{}
		if m.Field != "" {
			by["field"] = m.Field
		}
		if m.Of == panel.Percentile {
			by["percents"] = []float64{m.Percent}
		}
		list = append(list, object{"id": number(), "enabled": true, "type": string(m.Of), "schema": "metric", "params": by})
	}
	return list
}

func kibanaBucket(id, place string, b Bucket) object {
	by := object{"field": b.Field}
	switch b.By {
	case panel.Terms:
		by["order"], by["orderBy"], by["size"] = "asc", "_key", 100
	case panel.Histogram:
		by["interval"] = json.Number(b.Step)
	default:
		by["interval"] = b.Step
	}
	return object{"id": id, "enabled": true, "type": string(b.By), "schema": place, "params": by}
}

// series gives each metric a line or bar, which looks as the first one did, and the axis a
// title.
func (d Definition) series(params object, metrics []any) {
	old, _ := params["seriesParams"].([]any)
	if len(old) == 0 {
		return
	}
	var list []any
	for _, m := range metrics {
		one, err := decode([]byte(encode(old[0], "", "")))
		if err != nil {
			return // it isn't an object, and stays as it is
		}
		one["data"] = object{"id": m.(object)["id"], "label": m.(object)["type"]}
		list = append(list, one)
	}
	params["seriesParams"] = list
	if axes, _ := params["valueAxes"].([]any); len(axes) > 0 {
		if axis, ok := axes[0].(object); ok {
			axis["title"] = object{"text": d.shown()}
		}
	}
}
