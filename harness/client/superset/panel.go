package superset

import (
	"fmt"
	"regexp"
	"strings"

	"hoplab.example/harness/client/panel"
)

// Panel returns what a chart shows, without buckets, and the columns that its rows are
// grouped by. Each metric's label is the one in the answer. What isn't understood is an
// error that names the chart.
func (c Chart) Panel(file string) (p panel.Panel, columns []string, err error) {
	p = panel.Panel{File: file, ID: fmt.Sprint(c.ID), Title: c.Name, Range: panel.Always}
	q := c.Query
	if len(q.Filters) > 0 || q.Extras.Where != "" || q.Extras.Having != "" {
		return p, nil, fmt.Errorf("%s: a chart with filters isn't understood here: remove them", p)
	}
	for _, column := range q.Columns {
		name, plain := column.(string)
		if adhoc, ok := column.(map[string]any); ok { // of an x-axis: its expression is the column
			name, plain = adhoc["sqlExpression"].(string)
		}
		if !plain || !word.MatchString(name) {
			return p, nil, fmt.Errorf("%s: the column %v is computed; only the dataset's own are understood here", p, column)
		}
		columns = append(columns, name)
	}
	for _, m := range q.Metrics {
		metric, err := m.panel()
		if err != nil {
			return p, nil, fmt.Errorf("%s: %w", p, err)
		}
		p.Metrics = append(p.Metrics, metric)
	}
	return p, columns, nil
}

var statistics = map[string]panel.Statistic{
	"AVG": panel.Avg, "MIN": panel.Min, "MAX": panel.Max, "SUM": panel.Sum, "COUNT": panel.Count, "COUNT_DISTINCT": panel.Unique,
}

var (
	word = regexp.MustCompile(`^\w+$`)
	call = regexp.MustCompile(`(?i)^\s*(AVG|MIN|MAX|SUM|COUNT)\s*\(\s*(\*|\w+)\s*\)\s*$`)
)

func (m Metric) panel() (panel.Metric, error) {
	function, column := m.Aggregate, m.Column.Name
	switch {
	case m.Kind == "saved" && m.Label == "count": // which Superset gives each dataset
		function = "COUNT"
	case m.Kind == "SQL":
		if parts := call.FindStringSubmatch(m.Expression); parts != nil {
			function, column = strings.ToUpper(parts[1]), parts[2]
		}
	}
	of, known := statistics[function]
	if !known {
		return panel.Metric{}, fmt.Errorf("the metric %q isn't understood here: use AVG, MIN, MAX, SUM or COUNT of one column", m.Label)
	}
	if of == panel.Count {
		column = ""
	}
	return panel.Metric{Of: of, Field: column, Label: m.Label}, nil
}
