package dashboard

import (
	"context"
	"fmt"
	"strings"

	shipped "hoplab.example/dashboards/superset"
	"hoplab.example/harness/client/panel"
	client "hoplab.example/harness/client/superset"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

const supersetFile = "dashboards/superset"

// CheckInSuperset exports the run's rows into two tables, asks the SQL engine for their
// join, imports hoplab's dashboard into the stack's Superset, and compares that answer,
// and Superset's for each chart, with the oracle. The tables and the dashboard stay.
func CheckInSuperset(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	if err := p.ExportTables(ctx); err != nil {
		return hop.Errored(hop.Superset, oracle.Count(), err)
	}
	problems, rows, err := checkJoin(ctx, p, oracle)
	if err != nil {
		return hop.Errored(hop.Superset, oracle.Count(), err)
	}
	if len(problems) > 0 { // what Superset shows follows from it
		return hop.Result{Hop: hop.Superset, Expected: oracle.Count(), Actual: rows, Outcome: hop.Failed, Detail: strings.Join(problems, "\n")}
	}
	superset, err := ImportSuperset(ctx, p)
	if err != nil {
		return hop.Errored(hop.Superset, oracle.Count(), err)
	}
	return CheckCharts(ctx, superset, shipped.Slug, oracle)
}

// ImportSuperset imports hoplab's dashboard into the stack's Superset, in place of
// an earlier import, and returns a client that is logged in there.
func ImportSuperset(ctx context.Context, p pipeline.Pipeline) (*client.Client, error) {
	zipped, err := client.Zip(shipped.Export, p.Sites.Peer("spark", "thrift"))
	if err != nil {
		return nil, err
	}
	superset, err := client.Login(ctx, p.Sites.Addr("superset", "http"), p.Access["superset"])
	if err != nil {
		return nil, err
	}
	return superset, superset.Import(ctx, zipped)
}

// CheckCharts asks a Superset for each chart of a dashboard, and compares the answers
// with the oracle.
func CheckCharts(ctx context.Context, superset *client.Client, dashboard string, oracle *wisdm.Oracle) hop.Result {
	charts, err := superset.Charts(ctx, dashboard)
	if err != nil {
		return hop.Errored(hop.Superset, oracle.Count(), err)
	}
	var most int64
	var problems []string
	for _, chart := range charts {
		rows, err := superset.Answer(ctx, chart)
		if err != nil {
			return hop.Errored(hop.Superset, oracle.Count(), err)
		}
		found, shown, err := compareChart(chart, rows, oracle)
		if err != nil {
			found = []string{err.Error()}
		}
		problems, most = append(problems, found...), max(most, shown)
	}
	result := hop.Result{
		Hop: hop.Superset, Expected: oracle.Count(), Actual: most, Outcome: hop.Passed,
		Detail: fmt.Sprintf("Superset's answers to %d charts are what the rows say", len(charts)),
	}
	if len(problems) > 0 {
		result.Outcome, result.Detail = hop.Failed, strings.Join(problems, "\n")
	}
	return result
}

// checkJoin compares the answer to join.sql with the oracle, and returns how many rows
// it counts.
func checkJoin(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) (problems []string, rows int64, err error) {
	answer, err := p.Join(ctx)
	if err != nil {
		return nil, 0, err
	}
	a := tabular{
		panel:   panel.Panel{File: supersetFile, ID: "join.sql", Title: "the join of both tables", Range: panel.Always},
		columns: []string{nameColumn}, labels: []string{"x", "y", "z"}, count: "rows",
	}
	for _, axis := range a.labels {
		a.panel.Metrics = append(a.panel.Metrics, panel.Metric{Of: panel.Avg, Field: axis})
	}
	return a.compare(answer, oracle)
}
