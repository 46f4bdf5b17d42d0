package standin

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
)

// Frames writes a table as Grafana answers a panel's query: one frame per series,
// or one with columns. The forms are those of recorded answers: before Grafana 10.3,
// series have labels, and names after it. It is empty, as recorded, for two columns of
// one name.
func Frames(p panel.Panel, table panel.Table, query map[string]any, labels bool) (string, error) {
	overTime := p.Buckets[len(p.Buckets)-1].By == panel.DateHistogram
	counts := 0
	metrics, _ := query["metrics"].([]any)
	for _, m := range metrics {
		if m, _ := m.(map[string]any); m["type"] == "count" {
			counts++
		}
	}
	if counts > 1 && !overTime {
		return "", nil
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
			list = append(list, series(p, table[:n], c, fmt.Sprint(query["alias"]), labels))
		}
		table = table[n:]
	}
	text, err := json.Marshal(object{"results": object{"A": object{"status": http.StatusOK, "frames": list}}})
	return string(text), err
}

// column is a number of each bucket, by the name that Grafana gives it.
type column struct {
	name string
	of   func(panel.Point) any
}

// columnsOf has percentiles in the order of their names, and an added count last.
func columnsOf(p panel.Panel, added bool) (columns []column) {
	for i, m := range p.Metrics {
		columns = append(columns, column{m.String(), func(at panel.Point) any { return numberOrNull(at.Values[i]) }})
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
		fields, values = append(fields, object{"name": b.Field}), append(values, nil)
		for _, at := range table {
			values[i] = append(values[i], json.RawMessage(jsonOf(b, at.Keys[i])))
		}
	}
	for _, c := range columns {
		fields, values = append(fields, object{"name": c.name, "type": "number"}), append(values, nil)
		for _, at := range table {
			values[len(values)-1] = append(values[len(values)-1], c.of(at))
		}
	}
	return object{"schema": object{"refId": "A", "fields": fields}, "data": object{"values": values}}
}

// numberOrNull: JSON has no NaN.
func numberOrNull(n float64) any {
	if math.IsNaN(n) {
		return nil
	}
	return n
}

func jsonOf(b panel.Bucket, key string) string {
	if b.By == panel.Terms {
		text, _ := json.Marshal(key) // a text
		return string(text)
	}
	return key
}

var termIn = regexp.MustCompile(`\{\{term (\w+)\}\}`)

func series(p panel.Panel, table panel.Table, c column, alias string, labelled bool) any {
	labels, value := map[string]string{}, object{"name": "Value", "type": "number"}
	for i, b := range p.Buckets[:len(p.Buckets)-1] {
		labels[b.Field] = table[0].Keys[i]
	}
	name := termIn.ReplaceAllStringFunc(alias, func(term string) string { return labels[termIn.FindStringSubmatch(term)[1]] })
	name = strings.NewReplacer("{{metric}}", c.name, "{{field}}", "").Replace(name)
	schema := object{"refId": "A", "fields": []any{object{"name": "Time", "type": "time"}, value}}
	if labelled {
		value["labels"], value["config"] = labels, object{"displayNameFromDS": name}
	} else {
		schema["name"] = name
	}
	times, values := []any{}, []any{}
	for _, at := range table {
		stamp, _ := time.Parse(time.RFC3339, at.Keys[len(at.Keys)-1])
		times, values = append(times, stamp.UnixMilli()), append(values, c.of(at))
	}
	return object{"schema": schema, "data": object{"values": [][]any{times, values}}}
}
