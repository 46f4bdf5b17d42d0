package pipeline

import (
	"context"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
)

// dashboardCheck is one of CheckKibana and the like.
type dashboardCheck func(context.Context, *wisdm.Oracle, time.Duration) hop.Result

func (r *run) lookAtKibana(ctx context.Context) hop.Result {
	p := r.Pipeline
	p.AnyRows = true
	return r.look(ctx, "Kibana", p.CheckInKibana, p.CheckKibana)
}

func (r *run) lookAtGrafana(ctx context.Context) hop.Result {
	p := r.Pipeline
	p.AnyRows = true
	return r.look(ctx, "Grafana", p.CheckInGrafana, p.CheckGrafana)
}

// look asks the program that draws the dashboard where the stack has it. Where
// it hasn't, Elasticsearch is asked in its place, and the result says so.
func (r *run) look(ctx context.Context, program string, there, without dashboardCheck) hop.Result {
	shift := r.Base.Sub(wisdm.DefaultBase)
	if r.Sites.Addr(strings.ToLower(program), "http") != "" {
		return there(ctx, r.Oracle, shift)
	}
	result := without(ctx, r.Oracle, shift)
	if result.Outcome == hop.Passed {
		result.Detail = "no " + program + " runs here: Elasticsearch was asked what its dashboard's panels would ask, and answered right"
	}
	return result
}

// drawn returns the panels that have something to show of these rows, where that
// isn't sure of all.
func (p Pipeline) drawn(panels []panel.Panel, oracle *wisdm.Oracle) []panel.Panel {
	if !p.AnyRows {
		return panels
	}
	return slices.DeleteFunc(slices.Clone(panels), func(one panel.Panel) bool { return panel.Idle(one, oracle) })
}
