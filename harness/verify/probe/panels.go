package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// Query makes the body of the search that a program sends for a panel.
type Query func(panel.Panel) (panel.Object, error)

// Draw asks Elasticsearch what a panel shows, with the query that its program
// would send.
func (e *Elastic) Draw(ctx context.Context, p panel.Panel, query Query) (panel.Table, error) {
	body, err := query(p)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	var answer json.RawMessage
	err = e.call("ask for "+p.String()+" of", &answer)(e.client.Search(
		e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithBody(bytes.NewReader(text)),
		e.client.Search.WithTrackTotalHits(true)))
	if err != nil {
		return nil, err
	}
	return panel.Read(p, answer)
}

// CheckPanels compares what the panels of a dashboard show with the oracle: the
// fields are in the mapping and have types that the panel can use, the rows are
// within the time that the dashboard shows, and each number is right, within
// the tolerances of panel.Compare. hopName says whose dashboard it is.
func (e *Elastic) CheckPanels(ctx context.Context, hopName string, panels []panel.Panel, query Query, oracle *wisdm.Oracle) hop.Result {
	var found problems
	shown, err := e.checkPanels(ctx, panels, query, oracle, &found)
	if err != nil {
		return hop.Errored(hopName, oracle.Count(), err)
	}
	result := hop.Result{Hop: hopName, Expected: oracle.Count(), Actual: shown, Outcome: hop.Passed}
	if list := found.all(); len(list) > 0 {
		result.Outcome, result.Detail = hop.Failed, strings.Join(list, "\n")
	}
	return result
}

// checkPanels returns how many rows the panel with the most rows shows.
func (e *Elastic) checkPanels(ctx context.Context, panels []panel.Panel, query Query, oracle *wisdm.Oracle, found *problems) (shown int64, err error) {
	if len(panels) == 0 {
		found.add("the dashboard has no panel")
	}
	types, err := e.typesToDraw(ctx, found)
	if err != nil || len(found.list) > 0 {
		return 0, err
	}
	for _, p := range panels {
		rows, err := e.checkPanel(ctx, p, query, types, oracle, found)
		if err != nil {
			return 0, err
		}
		shown = max(shown, rows)
	}
	checkRange(panels, oracle, found)
	return shown, nil
}

// typesToDraw returns the mapping of the index, refreshed.
func (e *Elastic) typesToDraw(ctx context.Context, found *problems) (map[string]string, error) {
	exists, err := e.Exists(ctx)
	if err != nil {
		return nil, err
	}
	if !exists {
		found.add("there is no index %q to draw from", e.index)
		return nil, nil
	}
	if err := e.refresh(ctx); err != nil {
		return nil, err
	}
	return e.Mapping(ctx)
}

// checkPanel returns how many rows the panel shows.
func (e *Elastic) checkPanel(ctx context.Context, p panel.Panel, query Query, types map[string]string, oracle *wisdm.Oracle, found *problems) (int64, error) {
	if p.View.Index != e.index {
		found.add("%s: %s shows index %q, the rows are in %q", p, p.View.Name, p.View.Index, e.index)
		return 0, nil
	}
	if wrong := panel.CheckMapping(p, types); len(wrong) > 0 {
		for _, w := range wrong {
			found.add("%s", w)
		}
		return 0, nil // the query would only fail for the same reason
	}
	if problem := panel.TooMany(p, oracle); problem != "" {
		found.add("%s", problem)
		return 0, nil
	}
	p = panel.Fitted(p, types, oracle)
	table, err := e.Draw(ctx, p, query)
	if err != nil {
		return 0, err
	}
	differences, err := panel.Compare(p, table, oracle)
	if err != nil {
		return 0, err
	}
	for _, d := range differences {
		found.add("%s", d)
	}
	var rows int64
	for _, point := range table {
		rows += point.Count
	}
	return rows, nil
}

// checkRange reports dashboards whose time range leaves rows out. One that leaves
// all out was reported already: no data.
func checkRange(panels []panel.Panel, oracle *wisdm.Oracle, found *problems) {
	reported := map[string]bool{}
	for _, p := range panels {
		var outside int64
		for _, row := range oracle.Rows() {
			if !p.Range.Has(row.Time) {
				outside++
			}
		}
		if outside > 0 && outside < oracle.Count() && !reported[p.File] {
			reported[p.File] = true
			found.add("%s: %d of %d rows are outside the time that it shows, %s", p.File, outside, oracle.Count(), p.Range)
		}
	}
}
