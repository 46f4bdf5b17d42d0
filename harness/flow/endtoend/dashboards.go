package endtoend

import (
	"context"
	"strings"

	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// dashboardCheck is one of CheckKibana and the like.
type dashboardCheck func(context.Context, pipeline.Pipeline, *wisdm.Oracle) hop.Result

func (r *run) lookAtKibana(ctx context.Context) hop.Result {
	there := dashboard.CheckInKibana
	if r.KeepJob {
		there = dashboard.KeepInKibana
	}
	return r.look(ctx, "Kibana", there, dashboard.CheckKibana)
}

func (r *run) lookAtGrafana(ctx context.Context) hop.Result {
	return r.look(ctx, "Grafana", dashboard.CheckInGrafana, dashboard.CheckGrafana)
}

// look asks the program that draws the dashboard where the stack has it. Where
// it doesn't, Elasticsearch is asked instead, and the result says so.
func (r *run) look(ctx context.Context, program string, there, without dashboardCheck) hop.Result {
	p := r.Pipeline
	p.AnyRows = true
	if p.Sites.Addr(strings.ToLower(program), "http") != "" {
		return there(ctx, p, r.Oracle)
	}
	result := without(ctx, p, r.Oracle)
	if result.Outcome == hop.Passed {
		result.Detail = "no " + program + " runs here: Elasticsearch was asked what its dashboard's panels would ask, and answered right"
	}
	return result
}
