package grafana

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
)

// frames writes a table as Grafana answers a panel's query: one frame per series,
// or one with columns. The forms are those of the recorded answers: series have
// labels before 10.3 (f.labels), and names after it.
func (f *fake) frames(t *testing.T, p panel.Panel, table panel.Table, query map[string]any) string {
	t.Helper()
	overTime := p.Buckets[len(p.Buckets)-1].By == panel.DateHistogram
	counts := 0
	for _, m := range query["metrics"].([]any) {
		if m.(map[string]any)["type"] == "count" {
			counts++
		}
	}
	if counts > 1 && !overTime {
		return "" // as recorded: two columns of one name
	}
	columns := columnsOf(p, counts == 1 && !slices.ContainsFunc(p.Metrics, func(m panel.Metric) bool { return m.Of == panel.Count }))
	list := []any{}
	if !overTime {
		list, table = append(list, tableFrame(p, table, columns)), nil
	}
	for len(table) > 0 {
		group := table[0].Keys[:len(table[0].Keys)-1]
		n := slices.IndexFunc(table, func(at panel.Point) bool { return !slices.Equal(at.Keys[:len(group)], group) })
		if n < 0 {
			n = len(table)
		}
		for _, c := range columns {
			list = append(list, f.series(p, table[:n], c, query["alias"].(string)))
		}
		table = table[n:]
	}
	text, err := json.Marshal(map[string]any{"results": map[string]any{"A": map[string]any{"status": 200, "frames": list}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// column is a number of each bucket, by the name that Grafana gives it.
type column struct {
	name string
	of   func(panel.Point) any
}

// columnsOf has percentiles in the order of their names, and an added count last.
func columnsOf(p panel.Panel, added bool) (columns []column) {
	for i, m := range p.Metrics {
		columns = append(columns, column{m.String(), func(at panel.Point) any { return at.Values[i] }})
	}
	if added {
		columns = append(columns, column{"Count", func(at panel.Point) any { return at.Count }})
	}
	return columns
}

func tableFrame(p panel.Panel, table panel.Table, columns []column) any {
	var fields []any
	var values [][]any
	for i, b := range p.Buckets {
		fields, values = append(fields, map[string]any{"name": b.Field}), append(values, nil)
		for _, at := range table {
			values[i] = append(values[i], json.RawMessage(jsonOf(b, at.Keys[i])))
		}
	}
	for _, c := range columns {
		fields, values = append(fields, map[string]any{"name": c.name, "type": "number"}), append(values, nil)
		for _, at := range table {
			values[len(values)-1] = append(values[len(values)-1], c.of(at))
		}
	}
	return map[string]any{"schema": map[string]any{"refId": "A", "fields": fields}, "data": map[string]any{"values": values}}
}

func jsonOf(b panel.Bucket, key string) string {
	if b.By == panel.Terms {
		return `"` + key + `"`
	}
	return key
}

var termIn = regexp.MustCompile(`\{\{term (\w+)\}\}`)

func (f *fake) series(p panel.Panel, table panel.Table, c column, alias string) any {
	labels, value := map[string]string{}, map[string]any{"name": "Value", "type": "number"}
	for i, b := range p.Buckets[:len(p.Buckets)-1] {
		labels[b.Field] = table[0].Keys[i]
	}
	name := termIn.ReplaceAllStringFunc(alias, func(term string) string { return labels[termIn.FindStringSubmatch(term)[1]] })
	name = strings.NewReplacer("{{metric}}", c.name, "{{field}}", "").Replace(name)
	schema := map[string]any{"refId": "A", "fields": []any{map[string]any{"name": "Time", "type": "time"}, value}}
	if f.labels {
		value["labels"], value["config"] = labels, map[string]any{"displayNameFromDS": name}
	} else {
		schema["name"] = name
	}
	times, values := []any{}, []any{}
	for _, at := range table {
		stamp, _ := time.Parse(time.RFC3339, at.Keys[len(at.Keys)-1])
		times, values = append(times, stamp.UnixMilli()), append(values, c.of(at))
	}
	return map[string]any{"schema": schema, "data": map[string]any{"values": [][]any{times, values}}}
}
