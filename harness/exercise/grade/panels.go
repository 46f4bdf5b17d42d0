package grade

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "data-source", Doc: "all charts show lab 4's index by a field that is mapped as a date"}, checkDataSource)
	register(lab.Kind{Name: "panel-values", Doc: "every panel shows the right values"}, checkPanelValues)
	register(lab.Kind{Name: "time-range", Doc: "the time range covers sessions as long as the dataset's"}, checkTimeRange)
	register(lab.Kind{Name: "variable", Doc: "with one value of the Grafana variable chosen, each panel shows only that value's rows", Options: []lab.Option{
		{Name: "variable", Required: true, Type: lab.TextOption, Doc: "the variable's name"},
		{Name: "field", Required: true, Type: lab.FieldsOption, Doc: "the field whose values are chosen"},
	}}, checkVariable)
}

// checkDataSource asks that all charts show the index of lab 4, by a field that is
// mapped as a date.
func checkDataSource(ctx context.Context, a *attempt, _ lab.Check) verdict {
	b, err := a.board(ctx)
	if err != nil {
		return failed(err)
	}
	if err := a.fillIndex(ctx); err != nil {
		return broken(err)
	}
	elastic, err := a.ours.ElasticProbe()
	if err != nil {
		return broken(err)
	}
	types, err := elastic.Mapping(ctx)
	if err != nil {
		return broken(err)
	}
	wrong := map[string]bool{}
	for _, p := range b.charts {
		if problem := viewProblem(p.View, types); problem != "" {
			wrong[p.File+": "+problem] = true
		}
	}
	if len(wrong) > 0 {
		return failed(fmt.Errorf("%s", strings.Join(slices.Sorted(maps.Keys(wrong)), "\n")))
	}
	return passed()
}

func viewProblem(v panel.View, types map[string]string) string {
	kind := types[v.TimeField]
	switch {
	case !v.Has(indexName):
		return fmt.Sprintf("%s shows the index %q, want %q", v.Name, v.Index, indexName)
	case v.TimeField == "":
		return v.Name + " has no time field, so nothing can be shown over time"
	case kind == "":
		return fmt.Sprintf("%s has the time field %q, which the index lacks", v.Name, v.TimeField)
	case kind != "date" && kind != "date_nanos":
		return fmt.Sprintf("%s has the time field %q, which is mapped as %s, want date", v.Name, v.TimeField, kind)
	}
	return ""
}

// checkPanelValues compares what every panel shows with the oracle.
func checkPanelValues(ctx context.Context, a *attempt, _ lab.Check) verdict {
	b, err := a.board(ctx)
	if err != nil {
		return failed(err)
	}
	return a.drawn(ctx, b)
}

func (a *attempt) drawn(ctx context.Context, b board) verdict {
	if err := a.fillIndex(ctx); err != nil {
		return broken(err)
	}
	v := judged(b.check(ctx))
	if v.outcome != hop.Error {
		return v
	}
	elastic, err := a.ours.ElasticProbe()
	if err == nil {
		_, err = elastic.Mapping(ctx)
	}
	if err == nil { // it answers other requests, so the fault is in this one
		v.outcome = hop.Failed
	}
	return v
}

// checkVariable chooses one value of a field in place of all, and asks that
// every panel shows its rows alone.
func checkVariable(ctx context.Context, a *attempt, c lab.Check) verdict {
	name, field, value := c.With["variable"], c.With["field"], a.oracle.Rows()[0].Activity
	b, err := a.grafana(map[string][]string{name: {value}})
	if err != nil {
		return failed(err)
	}
	for _, p := range b.charts {
		if !(wanted{field: field, only: value}).filtered(p) {
			return failed(fmt.Errorf("%s still shows all rows where %s is chosen of the variable %s; its query lacks %s:$%s", p, value, name, field, name))
		}
	}
	return a.drawn(ctx, b)
}

// checkTimeRange asks that the time that each panel shows has all rows of sessions
// that are as long as the dataset's.
func checkTimeRange(ctx context.Context, a *attempt, _ lab.Check) verdict {
	b, err := a.board(ctx)
	if err != nil {
		return failed(err)
	}
	one := wisdm.Generator{Seed: 1, Subjects: 1, Devices: []string{"phone"}, Sensors: []string{"accel"}}
	whole, err := wisdm.ReadOracle(one, wisdm.DefaultBase, 0)
	if err != nil {
		return broken(err)
	}
	all := whole.Group(wisdm.ByActivity)["A"]
	for _, p := range b.charts {
		if !p.Range.Has(all.First) || !p.Range.Has(all.Last) {
			return failed(fmt.Errorf("%s shows %s; whole sessions last from %s", p, p.Range, panel.Range{From: all.First, To: all.Last}))
		}
	}
	return passed()
}
