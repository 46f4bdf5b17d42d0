package provisioning

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"hoplab.example/harness/client/panel"
)

type metricJSON struct {
	ID, Type, Field string
	Hide            bool
	Settings        struct {
		Percents []text          `json:"percents"`
		Script   json.RawMessage `json:"script"`
		Missing  json.RawMessage `json:"missing"`
	}
	Meta         json.RawMessage // of extended_stats, which isn't understood
	InlineScript json.RawMessage `json:"inlineScript"`
}

// statistics are the metrics that are understood. Most have the names of
// Elasticsearch.
var statistics = []panel.Statistic{panel.Count, panel.Avg, panel.Min, panel.Max, panel.Sum, panel.Percentile, panel.Unique}

// readMetric reads one of metrics: percentiles become one metric per percent.
func readMetric(raw json.RawMessage) ([]panel.Metric, error) {
	var j metricJSON
	id, kind := kindOf(raw)
	switch {
	case id == "":
		return nil, fmt.Errorf("one of type %q has no id", kind)
	case !slices.Contains(statistics, panel.Statistic(kind)):
		return nil, fmt.Errorf("%s: type %q isn't understood here, want one of %v", id, kind, statistics)
	}
	if err := strict(raw, &j); err != nil {
		return nil, err
	}
	m := panel.Metric{ID: j.ID, Of: panel.Statistic(j.Type), Field: j.Field}
	switch {
	case j.Hide:
		return nil, fmt.Errorf("%s %s is hidden; remove it", j.Type, j.ID)
	case !blank(j.Settings.Script) || !blank(j.Settings.Missing) || !blank(j.InlineScript):
		return nil, fmt.Errorf("%s %s has a script, or a value for missing ones, which isn't understood here; remove it", j.Type, j.ID)
	case m.Of == panel.Count:
		m.Field = "" // Grafana sends no aggregation for it (data_query.go)
	}
	if m.Of != panel.Percentile {
		if len(j.Settings.Percents) > 0 {
			return nil, fmt.Errorf("%s %s has percents", j.Type, j.ID)
		}
		return []panel.Metric{m}, nil
	}
	return percentiles(m, j.Settings.Percents)
}

func percentiles(m panel.Metric, percents []text) (list []panel.Metric, err error) {
	for _, p := range percents {
		m.Percent, err = strconv.ParseFloat(string(p), 64)
		if err != nil || !(0 <= m.Percent && m.Percent <= 100) { // false for NaN too
			return nil, fmt.Errorf("percentiles %s: %q isn't a percentage", m.ID, p)
		}
		list = append(list, m)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("percentiles %s: settings.percents is empty", m.ID)
	}
	return list, nil
}
