package dashboard

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	shipped "hoplab.example/dashboards/superset"
	"hoplab.example/harness/client/panel"
	client "hoplab.example/harness/client/superset"
	"hoplab.example/harness/rows/wisdm"
)

// nameColumn is the column of the second table that has an activity's name.
const nameColumn = "name"

// tabular is a panel whose answer is a table of SQL: a row for each group.
type tabular struct {
	panel   panel.Panel // its buckets are those of columns
	columns []string
	labels  []string // of the columns that have the panel's metrics
	count   string   // the column that has the number of rows
}

func compareChart(chart client.Chart, rows []client.Row, oracle *wisdm.Oracle) (problems []string, shown int64, err error) {
	one, columns, err := chart.Panel(supersetFile)
	if err != nil {
		return nil, 0, err
	}
	a := tabular{panel: one, columns: columns, count: client.RowCount}
	for _, m := range one.Metrics {
		a.labels = append(a.labels, m.Label)
	}
	return a.compare(rows, oracle)
}

// compare compares an answer with the oracle, and returns how many rows it counts.
// Groups may come in any order.
func (a tabular) compare(rows []map[string]any, oracle *wisdm.Oracle) (problems []string, shown int64, err error) {
	for _, column := range a.columns {
		field := column
		if column == nameColumn {
			field = "action"
		}
		a.panel.Buckets = append(a.panel.Buckets, panel.Bucket{By: panel.Terms, Field: field, ByKey: true, Ascending: true})
	}
	have := map[string]panel.Point{}
	for _, row := range rows {
		point, err := a.point(row)
		if err != nil {
			return nil, 0, fmt.Errorf("%s: %w", a.panel, err)
		}
		key := strings.Join(point.Keys, "\x00")
		if _, twice := have[key]; twice {
			problems = append(problems, fmt.Sprintf("%s: the group %s is there twice", a.panel, strings.Join(point.Keys, ", ")))
		}
		have[key] = point
		shown += point.Count
	}
	if len(rows) == 0 {
		return []string{fmt.Sprintf("%s: the answer has no row", a.panel)}, 0, nil
	}
	found, err := panel.Compare(a.panel, a.inOrder(have, oracle), oracle)
	return append(problems, found...), shown, err
}

// inOrder returns the points in the oracle's order, and then the others.
func (a tabular) inOrder(have map[string]panel.Point, oracle *wisdm.Oracle) (table panel.Table) {
	want, _ := panel.Expect(a.panel, oracle) // Compare reports its error
	for _, point := range want {
		key := strings.Join(point.Keys, "\x00")
		if found, there := have[key]; there {
			table = append(table, found)
			delete(have, key)
		}
	}
	for _, point := range have {
		table = append(table, point)
	}
	return table
}

func (a tabular) point(row map[string]any) (panel.Point, error) {
	var point panel.Point
	for _, column := range a.columns {
		key := fmt.Sprint(row[column])
		if column == nameColumn {
			key = code(key)
		}
		point.Keys = append(point.Keys, key)
	}
	count, err := number(row[a.count])
	if err != nil {
		return point, fmt.Errorf("the number of rows: %w", err)
	}
	point.Count = int64(count)
	for _, label := range a.labels {
		value, err := number(row[label])
		if err != nil {
			return point, fmt.Errorf("%q: %w", label, err)
		}
		point.Values = append(point.Values, value)
	}
	return point, nil
}

// code returns the code of an activity's name, and another text as it is.
func code(name string) string {
	for line := range strings.Lines(shipped.Activities) {
		if code, of, _ := strings.Cut(strings.TrimSpace(line), ","); of == name {
			return code
		}
	}
	return name
}

// number reads a value of an answer. SQL's NULL is NaN.
func number(value any) (float64, error) {
	switch v := value.(type) {
	case nil:
		return math.NaN(), nil
	case json.Number:
		return v.Float64()
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	}
	return 0, fmt.Errorf("%v isn't a number", value)
}
