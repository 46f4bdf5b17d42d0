package savedobject

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// visualization has the attributes of a saved visualization.
type visualization struct {
	Title, Description, VisState, UIStateJSON string
	Version                                   int
	KibanaSavedObjectMeta                     meta
	SavedSearchID, SavedSearchRefName         string
}

// visState is what is drawn. Params are mostly about looks.
type visState struct {
	Title, Type string
	Params      json.RawMessage
	Aggs        []agg
	Listeners   json.RawMessage
}

// savedVis is a visualization stored in its dashboard.
type savedVis struct {
	ID, Title, Description, Type string
	Params, UIState              json.RawMessage
	Data                         struct {
		Aggs                              []agg
		SearchSource                      searchSource
		SavedSearchID, SavedSearchRefName string
	}
}

// kinds has the types of visualization that are read, and how they are drawn.
var kinds = map[string]panel.Kind{
	"metric": panel.Stat, "line": panel.Line, "area": panel.Line, "histogram": panel.Bar, "horizontal_bar": panel.Bar, "table": panel.Bar,
	"pie": panel.Bar, "heatmap": panel.Bar, "tagcloud": panel.Bar, "gauge": panel.Bar, "goal": panel.Bar,
}

const (
	controlsKind = "input_control_vis"
	textKind     = "markdown"
	sourceRef    = "kibanaSavedObjectMeta.searchSourceJSON.index"
)

// visualization returns what a saved visualization shows on a dashboard.
func (e *export) visualization(o *object, title string, in scope) (drawn, error) {
	var v visualization
	if err := strictjson.Unmarshal(o.Attributes, &v); err != nil {
		return drawn{}, o.errorf("what it holds isn't understood: %w", err)
	}
	if v.SavedSearchID+v.SavedSearchRefName != "" {
		return drawn{}, o.errorf("it shows a saved search, which isn't understood here; create it from a data view")
	}
	var state visState
	if err := strictjson.Unmarshal([]byte(v.VisState), &state); err != nil {
		return drawn{}, o.errorf("its visState isn't understood: %w", err)
	}
	from, err := readSource(v.KibanaSavedObjectMeta.SearchSourceJSON)
	if err != nil {
		return drawn{}, o.errorf("its query and filters: %w", err)
	}
	in.index = ""
	return e.draw(o, o.ID, cmp.Or(title, v.Title), state, from, in)
}

// byValue returns what a visualization shows that is stored in its dashboard.
func (e *export) byValue(v savedVis, title string, in scope) (drawn, error) {
	var from source
	raw := v.Data.SearchSource
	from.index, from.indexRef = raw.Index, raw.IndexRefName
	if err := from.read(raw); err != nil {
		return drawn{}, in.on.errorf("panel %s: its query and filters: %w", in.index, err)
	}
	if v.Data.SavedSearchID+v.Data.SavedSearchRefName != "" {
		return drawn{}, in.on.errorf("panel %s shows a saved search, which isn't understood here; create it from a data view", in.index)
	}
	return e.draw(in.on, in.index, cmp.Or(title, v.Title), visState{Type: v.Type, Params: v.Params, Aggs: v.Data.Aggs}, from, in)
}

// draw makes a panel. o is the object for errors and for references.
func (e *export) draw(o *object, id, title string, state visState, from source, in scope) (drawn, error) {
	kind, known := kinds[state.Type]
	switch {
	case state.Type == textKind:
		return drawn{}, nil // it shows no data
	case state.Type == controlsKind:
		return e.controls(o, id, title, state, in)
	case !known:
		return drawn{}, o.errorf("%q: visualizations of type %q aren't understood here; make a Lens or an aggregation based visualization of it", title, state.Type)
	}
	view, err := e.viewOf(o, from, in)
	if err != nil {
		return drawn{}, err
	}
	p := panel.Panel{File: e.file, ID: id, Title: title, Kind: kind, View: view, Range: in.around, Filter: slices.Concat(in.filter, from.terms)}
	if err := addAggs(&p, state.Aggs); err != nil {
		return drawn{}, o.errorf("%q: %w", title, err)
	}
	if kind == panel.Stat && len(p.Buckets) > 0 {
		p.Kind = panel.Bar
	}
	return drawn{charts: []panel.Panel{p}}, nil
}

func (e *export) viewOf(o *object, from source, in scope) (panel.View, error) {
	id := from.index
	if from.indexRef != "" {
		var err error
		if id, err = o.resolve(viewType, from.indexRef, in.index+":"+from.indexRef, in.index+":"+sourceRef); err != nil {
			return panel.View{}, err
		}
	}
	if id == "" {
		return panel.View{}, o.errorf("it has no data view, so it shows nothing")
	}
	return e.view(o, id)
}

// view reads a data view. Its fields are a cache of the index's, and its looks don't
// matter here; runtime fields would.
func (e *export) view(o *object, id string) (panel.View, error) {
	found := e.find(viewType, id)
	if found == nil {
		return panel.View{}, o.errorf("its data view %q isn't in the file; export with related objects", id)
	}
	var v struct {
		Title, TimeFieldName string
		RuntimeFieldMap      json.RawMessage
	}
	if err := json.Unmarshal(found.Attributes, &v); err != nil {
		return panel.View{}, found.errorf("what it holds isn't understood: %w", err)
	}
	if v.Title == "" {
		return panel.View{}, found.errorf("it names no index")
	}
	if fields := strings.Trim(string(v.RuntimeFieldMap), `"`); fields != "" && fields != "{}" {
		return panel.View{}, found.errorf("runtime fields aren't understood here; put the field into the index")
	}
	return panel.View{Name: "data view " + id, Index: v.Title, TimeField: v.TimeFieldName}, nil
}
