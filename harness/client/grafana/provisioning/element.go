package provisioning

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

type panelJSON struct {
	ID              *int64
	Type, Title     string
	Datasource      *sourceRef
	Targets         []json.RawMessage
	Panels          []json.RawMessage // of a row that is folded
	Options         optionsJSON
	Transformations []transformation
	Repeat          string
	TimeFrom        string
	TimeShift       string
	TimeCompare     string
	LibraryPanel    json.RawMessage
	FieldConfig     json.RawMessage
}

// stacked reports whether the panel's lines are drawn on top of each other. What can't be
// read is no fault: it affects no number.
func (e panelJSON) stacked() bool {
	var look struct {
		Defaults struct {
			Custom struct{ Stacking struct{ Mode string } }
		}
	}
	return json.Unmarshal(e.FieldConfig, &look) == nil && look.Defaults.Custom.Stacking.Mode == "normal"
}

// optionsJSON has the options that affect numbers.
type optionsJSON struct {
	ReduceOptions struct{ Values bool }
}

// looks are fields of a panel that don't affect its numbers, or only with the
// interval "auto", which is refused.
var looks = []string{
	"gridPos", "fieldConfig", "description", "subtitle", "transparent", "pluginVersion", "links", "repeatDirection", "maxPerRow",
	"collapsed", "interval", "maxDataPoints", "cacheTimeout", "queryCachingTTL", "hideTimeOverride", "options",
}

// kinds has the panel types that are understood. Grafana's histogram panel isn't
// among them: it computes its buckets in the browser (buildHistogram of @grafana/data).
var kinds = map[string]panel.Kind{
	"timeseries": panel.Line, "barchart": panel.Bar, "table": panel.Bar,
	"stat": panel.Stat, "gauge": panel.Stat, "bargauge": panel.Bar, "piechart": panel.Bar,
}

// oldPanels are the types that were written for Angular, which Grafana 11 replaces by
// others. Source: grafana/grafana, public/app/features/dashboard/state/PanelModel.ts,
// autoMigrateAngular.
var oldPanels = []string{"graph", "singlestat", "grafana-singlestat-panel", "table-old", "grafana-piechart-panel"}

// noData are the types of panels that show no rows.
var noData = []string{"text", "news", "dashlist", "alertlist", "annolist"}

// reduced are those that show one of several numbers unless reduceOptions.values is set.
var reduced = []string{"stat", "gauge", "bargauge", "piechart"}

// element reads a panel, or a row with the panels folded into it.
func (r *reading) element(raw json.RawMessage, inRow bool) error {
	var e panelJSON
	if err := json.Unmarshal(raw, &e); err != nil {
		return r.errorf("panels", "%w", strictjson.Explain(err))
	}
	where := e.where()
	if e.ID == nil {
		return r.errorf(where, "it has no id")
	}
	if other, twice := r.ids[*e.ID]; twice {
		return r.errorf(where, "panel %q has the id %d too", other, *e.ID)
	}
	r.ids[*e.ID] = e.Title
	switch {
	case slices.Contains(noData, e.Type):
		return nil
	case len(e.LibraryPanel) > 0:
		return r.errorf(where, "it is a library panel, which Grafana keeps outside of the dashboard; unlink it there, and export the dashboard again")
	case slices.Contains(oldPanels, e.Type):
		return r.errorf(where, "panels of type %q aren't understood here; Grafana 11 replaces it by a newer one: open the dashboard there, save it, and export it again", e.Type)
	case kinds[e.Type] == "" && e.Type != "row":
		return r.errorf(where, "panels of type %q aren't understood here, want one of %v; choose one of them, or remove the panel", e.Type, slices.Sorted(maps.Keys(kinds)))
	}
	if err := strict(raw, &panelJSON{}, append(slices.Clone(looks), "transformations")...); err != nil {
		return r.errorf(where, "%w", err)
	}
	if e.Type == "row" {
		return r.row(e, inRow)
	}
	if err := e.check(); err != nil {
		return r.errorf(where, "%w", err)
	}
	before := len(r.Panels)
	for _, t := range e.Targets {
		if err := r.target(e, t); err != nil {
			return r.errorf(where, "%w", err)
		}
	}
	if len(r.Panels) == before {
		return r.errorf(where, "each of its targets is hidden, so it shows nothing")
	}
	return nil
}

func (e panelJSON) where() string {
	if e.ID == nil {
		return fmt.Sprintf("panel %q", e.Title)
	}
	return fmt.Sprintf("panel %q (%d)", e.Title, *e.ID)
}

func (r *reading) row(e panelJSON, inRow bool) error {
	switch {
	case inRow:
		return r.errorf(e.where(), "it is a row in a row")
	case e.Repeat != "":
		return r.errorf(e.where(), "repeat is %q: repeated rows aren't understood here", e.Repeat)
	} // its targets, which some versions write, are no panel's
	for _, inside := range e.Panels {
		if err := r.element(inside, true); err != nil {
			return err
		}
	}
	return nil
}

// transformation is what a panel does to the numbers in the browser.
type transformation struct {
	ID       string
	Disabled bool
	Options  struct{ ExcludeByName map[string]bool }
}

// changes reports whether more than names and order changes. Source: Grafana's manual,
// "Transform data": organize fields by name, rename fields by regex, sort by.
func (t transformation) changes() bool {
	hides := slices.Contains(slices.Collect(maps.Values(t.Options.ExcludeByName)), true)
	return !t.Disabled && (hides || !slices.Contains([]string{"organize", "renameByRegex", "sortBy"}, t.ID))
}

func (e panelJSON) check() error {
	if len(e.Targets) == 0 {
		return fmt.Errorf("it has no targets, so it shows nothing")
	}
	for name, value := range map[string]string{
		"repeat": e.Repeat, "timeFrom": e.TimeFrom, "timeShift": e.TimeShift, "timeCompare": e.TimeCompare,
	} {
		if value != "" {
			return fmt.Errorf("field %q is %q, which isn't understood here", name, value)
		}
	}
	switch {
	case slices.ContainsFunc(e.Transformations, transformation.changes):
		return fmt.Errorf(`field "transformations": they change the numbers in the browser, which isn't understood here`)
	case len(e.Panels) > 0:
		return fmt.Errorf("it has panels inside, but isn't a row")
	}
	return nil
}

// checkBuckets: Grafana reads an answer as time series only if its innermost bucket is
// a date histogram, and as a table otherwise. Source: processBuckets in
// pkg/tsdb/elasticsearch/response_parser.go.
func (e panelJSON) checkBuckets(buckets []panel.Bucket) error {
	overTime := buckets[len(buckets)-1].By == panel.DateHistogram
	for _, b := range buckets[:len(buckets)-1] {
		if b.By == panel.DateHistogram {
			return fmt.Errorf("bucketAggs: the date_histogram %s isn't the last one, as Grafana needs it", b.ID)
		}
	}
	switch {
	case e.Type == "timeseries" && !overTime:
		return fmt.Errorf("bucketAggs: a timeseries needs a date_histogram as the last one")
	case e.Type != "timeseries" && overTime:
		return fmt.Errorf("bucketAggs: a %s over time shows what the browser computes from the buckets, which isn't understood here", e.Type)
	case slices.Contains(reduced, e.Type) && !e.Options.ReduceOptions.Values:
		return fmt.Errorf("options.reduceOptions.values isn't true, so only one of the rows is shown")
	}
	return nil
}
