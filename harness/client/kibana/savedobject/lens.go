package savedobject

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// lens has the attributes of a Lens visualization. Sources: x-pack/plugins/lens of
// github.com/elastic/kibana at 7.17 and 8.x, and Kibana's sample dashboards.
type lens struct {
	Title, VisualizationType string
	State                    struct {
		Query              json.RawMessage
		Filters            []json.RawMessage
		Visualization      json.RawMessage
		DatasourceStates   map[string]struct{ Layers json.RawMessage }
		InternalReferences []reference
		AdHocDataViews     map[string]json.RawMessage
	}
	References []reference // of one that is stored in its dashboard
}

// lensLayer is one search: its buckets in ColumnOrder, and then its metrics.
type lensLayer struct {
	ColumnOrder         []string
	Columns             map[string]lensColumn
	IgnoreGlobalFilters bool
	Sampling            float64
}

// lensKinds are the visualizations that are read, and how they are drawn; "" for XY, of
// which each layer says it.
var lensKinds = map[string]panel.Kind{
	"lnsXY": "", "lnsMetric": panel.Stat, "lnsLegacyMetric": panel.Stat, "lnsDatatable": panel.Bar, "lnsPie": panel.Bar,
	"lnsGauge": panel.Bar, "lnsHeatmap": panel.Bar, "lnsTagcloud": panel.Bar,
}

// drawnLayer is what a visualization says of one of its layers.
type drawnLayer struct{ LayerID, LayerType, SeriesType string }

// collapsed matches a dimension whose groups the browser sums up.
var collapsed = regexp.MustCompile(`"collapseFn":\s*"\w`)

// lens returns what a Lens visualization shows. o is the object for errors and for
// references.
func (e *export) lens(o *object, id, title string, text json.RawMessage, in scope) (drawn, error) {
	var l lens
	err := json.Unmarshal(text, &l)
	title = cmp.Or(title, l.Title)
	var all drawn
	if err == nil {
		all, err = e.lensLayers(o, id, title, l, in)
	}
	if err != nil {
		where := ""
		if o.Type == dashboardType {
			where = "panel " + id + " "
		}
		return drawn{}, o.errorf("%s%q, made with Lens, isn't understood here: %w; change that, or make an aggregation based visualization of it", where, title, err)
	}
	return all, nil
}

func (e *export) lensLayers(o *object, id, title string, l lens, in scope) (drawn, error) {
	kind, known := lensKinds[l.VisualizationType]
	if !known {
		return drawn{}, fmt.Errorf("it is of type %q, want one of %v", l.VisualizationType, slices.Sorted(maps.Keys(lensKinds)))
	}
	layers := map[string]lensLayer{}
	for _, source := range []string{"indexpattern", "formBased"} { // until 8.5, and since
		if text := l.State.DatasourceStates[source].Layers; len(text) > 0 {
			if err := json.Unmarshal(text, &layers); err != nil {
				return drawn{}, strictjson.Explain(err)
			}
		}
	}
	shown, err := l.shown()
	if err != nil {
		return drawn{}, err
	}
	from, err := readQuery(l.State.Query, l.State.Filters)
	if err != nil {
		return drawn{}, err
	}
	var all drawn
	for _, d := range shown {
		layer, found := layers[d.LayerID]
		if !found || len(layer.ColumnOrder) == 0 {
			return drawn{}, fmt.Errorf("layer %q shows no field of a data view, but a query in ES|QL or nothing", d.LayerID)
		}
		p := panel.Panel{File: e.file, ID: id, Title: title, Kind: kind, Range: in.around, Filter: slices.Concat(in.filter, from)}
		if len(shown) > 1 {
			p.ID += "/" + d.LayerID
		}
		if p.Kind == "" {
			p.Kind = seriesKind(d.SeriesType)
		}
		if p.View, err = e.lensView(o, l, d.LayerID, in); err != nil {
			return drawn{}, err
		}
		if err := layer.fill(&p); err != nil {
			return drawn{}, err
		}
		all.charts = append(all.charts, p)
	}
	return all, nil
}

func seriesKind(series string) panel.Kind {
	if strings.HasPrefix(series, "bar") {
		return panel.Bar
	}
	return panel.Line
}

// shown returns the layers with data. Lines of reference and annotations have none.
func (l lens) shown() ([]drawnLayer, error) {
	var v struct {
		drawnLayer
		Layers []drawnLayer
	}
	if err := json.Unmarshal(l.State.Visualization, &v); err != nil || len(v.Layers) == 0 && v.LayerID == "" {
		return nil, errors.New("it has no layer")
	}
	if collapsed.Match(l.State.Visualization) {
		return nil, errors.New("groups that are collapsed in the browser")
	}
	if v.LayerID != "" {
		return []drawnLayer{v.drawnLayer}, nil
	}
	return slices.DeleteFunc(v.Layers, func(d drawnLayer) bool {
		return d.LayerType == "referenceLine" || d.LayerType == "annotations"
	}), nil
}

// readQuery reads a query and filters that stand beside each other.
func readQuery(query json.RawMessage, filters []json.RawMessage) ([]panel.Term, error) {
	raw := searchSource{Filter: filters}
	if len(query) > 0 {
		if err := strictjson.Unmarshal(query, &raw.Query); err != nil {
			return nil, err
		}
	}
	var s source
	err := s.read(raw)
	return s.terms, err
}

// lensView finds a layer's data view: by a reference of the visualization, or of the
// dashboard, whose names begin with the panel's.
func (e *export) lensView(o *object, l lens, layer string, in scope) (panel.View, error) {
	name := "indexpattern-datasource-layer-" + layer
	for _, r := range slices.Concat(l.References, l.State.InternalReferences, o.References) {
		if r.Type != viewType || r.Name != name && r.Name != in.index+":"+name {
			continue
		}
		if _, own := l.State.AdHocDataViews[r.ID]; own {
			return panel.View{}, errors.New("its data view is temporary; save the data view")
		}
		return e.view(o, r.ID)
	}
	return panel.View{}, fmt.Errorf("layer %q has no data view", layer)
}
