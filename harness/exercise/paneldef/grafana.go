package paneldef

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/strictjson"
)

// board is a dashboard of Grafana's: its panels as the file has them, and as objects.
type board struct {
	raw    []json.RawMessage
	panels []object
}

func readBoard(text []byte) (b board, err error) {
	var all struct{ Panels []json.RawMessage }
	if err := json.Unmarshal(text, &all); err != nil {
		return b, strictjson.Explain(err)
	}
	if len(all.Panels) == 0 {
		return b, errors.New("it has no list of panels, so it isn't a dashboard that Grafana has saved as JSON")
	}
	b.raw = all.Panels
	for _, raw := range all.Panels {
		p, err := decode(raw)
		if err != nil {
			return b, fmt.Errorf("panels: %w", strictjson.Explain(err))
		}
		b.panels = append(b.panels, p)
	}
	return b, nil
}

func grafanaPanels(text []byte) (list []Panel, err error) {
	b, err := readBoard(text)
	for i, p := range b.panels {
		if p["type"] != "row" {
			list = append(list, Panel{fmt.Sprint(p["title"]), lab.TodoLine(b.raw[i]) > 0})
		}
	}
	return list, err
}

func grafana(text []byte, d Definition) (changed []byte, added bool, err error) {
	b, err := readBoard(text)
	if err != nil {
		return nil, false, err
	}
	found := -1
	for i, p := range b.panels {
		switch {
		case p["type"] == "row" || p["title"] != d.Title:
		case found >= 0:
			return nil, false, fmt.Errorf("two panels have the title %q: give one of them another", d.Title)
		default:
			found = i
		}
	}
	if found >= 0 {
		d.fillGrafana(b.panels[found])
		return bytes.Replace(text, b.raw[found], []byte(encode(b.panels[found], "    ", "  ")), 1), false, nil
	}
	p, err := b.more(d)
	if err != nil {
		return nil, false, err
	}
	last := b.raw[len(b.raw)-1]
	end := bytes.LastIndex(text, last) + len(last)
	return []byte(string(text[:end]) + ",\n    " + encode(p, "    ", "  ") + string(text[end:])), true, nil
}

// more makes a panel that looks as the first of its kind in the file.
func (b board) more(d Definition) (object, error) {
	if len(d.Metrics) == 0 || len(d.Buckets) == 0 {
		return nil, fmt.Errorf("no panel has the title %q, and a new one needs --show and --over", d.Title)
	}
	kind := "barchart"
	if d.Buckets[len(d.Buckets)-1].By == panel.DateHistogram {
		kind = "timeseries"
	}
	var lowest, id int64
	model := -1
	for i, p := range b.panels {
		lowest = below(lowest, at(p, "gridPos"))
		if n, ok := p["id"].(json.Number); ok {
			known, _ := n.Int64()
			id = max(id, known)
		}
		if targets, _ := p["targets"].([]any); model < 0 && p["type"] == kind && len(targets) > 0 {
			model = i
		}
	}
	if model < 0 {
		return nil, fmt.Errorf("no panel is a %s, from which a new one would get its look: make it in Grafana", kind)
	}
	p, err := decode(b.raw[model])
	if err != nil {
		return nil, err
	}
	if d.Where == nil {
		d.Where = new(string)
	}
	p["id"], p["title"] = id+1, d.Title
	p["gridPos"] = object{"x": 0, "y": lowest, "w": 24, "h": 8}
	p["targets"] = p["targets"].([]any)[:1]
	delete(at(p, "fieldConfig", "defaults"), "unit")
	d.fillGrafana(p)
	return p, nil
}

// fillGrafana puts the definition into a panel's first query. A bar chart names the field
// of its x axis.
func (d Definition) fillGrafana(p object) {
	targets, _ := p["targets"].([]any)
	if len(targets) == 0 {
		targets = []any{nil}
		p["targets"] = targets
	}
	target, ok := targets[0].(object)
	if !ok {
		target = object{"refId": "A"}
		targets[0] = target
	}
	metrics, _ := target["metrics"].([]any)
	buckets, _ := target["bucketAggs"].([]any)
	if d.Buckets != nil {
		buckets = nil
	}
	if d.Metrics != nil {
		metrics = nil
		number := numbers(1, buckets)
		for _, m := range d.Metrics {
			metrics = append(metrics, grafanaMetric(number(), m))
		}
		target["metrics"] = metrics
	}
	if d.Buckets != nil {
		number := numbers(10, metrics)
		for _, b := range d.Buckets {
			buckets = append(buckets, grafanaBucket(number(), b))
		}
		target["bucketAggs"] = buckets
	}
	if d.Where != nil {
		target["query"] = *d.Where
	}
	if options := at(p, "options"); d.Buckets != nil && options["xField"] != nil {
		options["xField"] = d.Buckets[0].Field
	}
}

func grafanaMetric(id string, m panel.Metric) object {
	o := object{"id": id, "type": string(m.Of)}
	if m.Field != "" {
		o["field"] = m.Field
	}
	if m.Of == panel.Percentile {
		o["settings"] = object{"percents": []string{strconv.FormatFloat(m.Percent, 'f', -1, 64)}}
	}
	return o
}

// grafanaBucket has its settings as texts: see package provisioning.
func grafanaBucket(id string, b Bucket) object {
	settings := object{"interval": b.Step, "min_doc_count": "1"}
	if b.By == panel.Terms {
		settings = object{"order": "asc", "orderBy": "_term", "size": "0", "min_doc_count": "1"}
	}
	return object{"id": id, "type": string(b.By), "field": b.Field, "settings": settings}
}
