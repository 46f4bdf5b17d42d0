// Package dashboard checks what the dashboards of a run show: by asking
// Elasticsearch what their panels would ask, or, where Kibana or Grafana runs, by
// that program itself.
package dashboard

import (
	"slices"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
)

// removeLimit is how long a program may take to remove what a check has installed,
// also when the run was interrupted.
const removeLimit = 20 * time.Second

// Around returns the whole seconds around the rows' event times: what a dashboard must
// show for all of them, and for few to be a line rather than a dot.
func Around(oracle *wisdm.Oracle) panel.Range {
	first, last := oracle.Span()
	return panel.Range{From: first.Truncate(time.Second), To: last.Truncate(time.Second).Add(time.Second)}
}

// drawn returns the panels that have rows to show, where that isn't certain of all
// of them.
func drawn(p pipeline.Pipeline, panels []panel.Panel, oracle *wisdm.Oracle) []panel.Panel {
	if !p.AnyRows {
		return panels
	}
	return slices.DeleteFunc(slices.Clone(panels), func(one panel.Panel) bool { return panel.Idle(one, oracle) })
}
