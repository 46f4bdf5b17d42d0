package superset

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

// Chart is one chart of a dashboard, with the query that it was saved with.
type Chart struct {
	ID    int
	Name  string
	Query Query
	whole map[string]any // the query context, which has Query
}

// Query is what a chart asks of its dataset: groups, and numbers of each.
type Query struct {
	Columns []any    `json:"columns"`
	Metrics []Metric `json:"metrics"`
	Filters []any    `json:"filters"`
	Extras  struct{ Where, Having string }
}

// Metric is a number of a group. A metric that the dataset defines is only a name in
// JSON: it is in Label, with the Kind "saved".
type Metric struct {
	Kind   string `json:"expressionType"` // SIMPLE or SQL
	Column struct {
		Name string `json:"column_name"`
	} `json:"column"`
	Aggregate  string `json:"aggregate"`
	Expression string `json:"sqlExpression"`
	Label      string `json:"label"`
}

// UnmarshalJSON reads both forms.
func (m *Metric) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &m.Label) == nil {
		m.Kind = "saved"
		return nil
	}
	type plain Metric
	return json.Unmarshal(text, (*plain)(m))
}

// Row is one row of a chart's answer, by column or by a metric's label.
type Row = map[string]any

// RowCount is the label of the metric that [Client.Answer] adds.
const RowCount = "rows, counted by hoplab"

// Charts returns the charts of a dashboard, by its slug or number, in the order of their
// numbers. One without a saved query is an error (charts/data/api.py of 6.1.0).
func (c *Client) Charts(ctx context.Context, dashboard string) ([]Chart, error) {
	var list struct{ Result []struct{ ID int } }
	if err := c.do(ctx, http.MethodGet, "/api/v1/dashboard/"+url.PathEscape(dashboard)+"/charts", nil, &list); err != nil {
		return nil, fmt.Errorf("ask Superset for the dashboard %q: %w", dashboard, err)
	}
	if len(list.Result) == 0 {
		return nil, fmt.Errorf("the dashboard %q has no chart in Superset", dashboard)
	}
	var charts []Chart
	for _, one := range list.Result {
		chart, err := c.chart(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		charts = append(charts, chart)
	}
	slices.SortFunc(charts, func(a, b Chart) int { return a.ID - b.ID })
	return charts, nil
}

func (c *Client) chart(ctx context.Context, id int) (Chart, error) {
	var answer struct {
		Result struct {
			Name    string  `json:"slice_name"`
			Context *string `json:"query_context"`
		}
	}
	if err := c.do(ctx, http.MethodGet, fmt.Sprintf("/api/v1/chart/%d", id), nil, &answer); err != nil {
		return Chart{}, fmt.Errorf("ask Superset for the chart %d: %w", id, err)
	}
	if answer.Result.Context == nil {
		return Chart{}, fmt.Errorf("the chart %q has no query: open it in Superset and save it there", answer.Result.Name)
	}
	chart, err := read(answer.Result.Name, *answer.Result.Context)
	chart.ID = id
	return chart, err
}

// read reads a chart's query context.
func read(name, text string) (Chart, error) {
	chart := Chart{Name: name}
	var query struct{ Queries []Query }
	if err := errors.Join(json.Unmarshal([]byte(text), &query), json.Unmarshal([]byte(text), &chart.whole)); err != nil {
		return chart, fmt.Errorf("read the query of the chart %q: %w", name, err)
	}
	if len(query.Queries) != 1 {
		return chart, fmt.Errorf("the chart %q asks %d queries; one is understood", name, len(query.Queries))
	}
	chart.Query = query.Queries[0]
	return chart, nil
}

// Answer asks Superset what a chart shows, and how many rows each of its groups has.
func (c *Client) Answer(ctx context.Context, chart Chart) ([]Row, error) {
	asked := chart.whole["queries"].([]any)[0].(map[string]any) // chart has seen to that
	metrics, _ := asked["metrics"].([]any)
	asked["metrics"] = append(slices.Clone(metrics), map[string]any{"expressionType": "SQL", "sqlExpression": "COUNT(*)", "label": RowCount})
	defer func() { asked["metrics"] = metrics }()
	chart.whole["result_type"], chart.whole["result_format"] = "full", "json"
	chart.whole["force"] = true // its cache may hold the answer of an earlier run
	var answer struct {
		Result []struct {
			Error  *string
			Status string
			Data   []Row
		}
	}
	if err := c.do(ctx, http.MethodPost, "/api/v1/chart/data", chart.whole, &answer); err != nil {
		return nil, fmt.Errorf("ask Superset for the chart %q: %w", chart.Name, err)
	}
	if len(answer.Result) != 1 || answer.Result[0].Error != nil {
		return nil, fmt.Errorf("ask Superset for the chart %q: its answer has no data", chart.Name)
	}
	return answer.Result[0].Data, nil
}
