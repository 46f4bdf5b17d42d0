package savedobject

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// drawn is what a dashboard or one of its panels shows.
type drawn struct{ charts, controls []panel.Panel }

// dashboard has the attributes of a saved dashboard.
type dashboard struct {
	Title, Description, PanelsJSON, OptionsJSON string
	Version, Hits                               int
	TimeRestore                                 bool
	TimeFrom, TimeTo                            string
	RefreshInterval                             json.RawMessage
	KibanaSavedObjectMeta                       meta
	ControlGroupInput                           json.RawMessage
	// Of 9: where panels are, and which projects a serverless Kibana asks. Source: schema/v3
	// and v4 of dashboard_saved_object in elastic/kibana.
	Sections       json.RawMessage
	ProjectRouting json.RawMessage
}

type meta struct{ SearchSourceJSON string }

// panelRef is a panel on a dashboard. Its visualization is a reference (PanelRefName), or
// part of it ("by value": SavedVis).
type panelRef struct {
	Version, Type, Title, PanelIndex, PanelRefName, ID string
	GridData                                           json.RawMessage
	EmbeddableConfig                                   struct {
		Title                             string
		HidePanelTitles                   bool
		Description                       string
		Enhancements, Vis, UIState, Table json.RawMessage
		LegendOpen, HidePanelBorder       json.RawMessage
		TimeRange                         *timeRange
		SavedVis                          *savedVis
		Attributes                        json.RawMessage // of Lens
		SavedObjectID                     string
		// Since 8.17 a panel of Lens has looks, and a query and filters, both of which its
		// attributes have too. Source: get_saved_objects of Kibana's sample data for search,
		// in x-pack of github.com/elastic/kibana.
		SyncColors, SyncCursor, SyncTooltips json.RawMessage
		Query                                json.RawMessage
		Filters                              []json.RawMessage
	}
}

type timeRange struct{ From, To, Mode string }

// span converts the ends of a stored time range to times.
func (e *export) span(r timeRange) (panel.Range, error) {
	from, err := panel.ParseTime(r.From, e.Now, false)
	if err != nil {
		return panel.Range{}, fmt.Errorf("its time range begins at %w", err)
	}
	to, err := panel.ParseTime(r.To, e.Now, true)
	if err != nil {
		return panel.Range{}, fmt.Errorf("its time range ends at %w", err)
	}
	if to.Before(from) {
		return panel.Range{}, fmt.Errorf("its time range ends at %q, before it begins at %q", r.To, r.From)
	}
	return panel.Range{From: from, To: to}, nil
}

// scope is what a dashboard passes to each of its panels.
type scope struct {
	on     *object
	around panel.Range
	filter []panel.Term
	index  string // the panel's own
}

// dashboard returns the panels of a saved dashboard.
func (e *export) dashboard(o *object) (drawn, error) {
	var d dashboard
	if err := strictjson.Unmarshal(o.Attributes, &d); err != nil {
		return drawn{}, o.errorf("what it holds isn't understood: %w", err)
	}
	if !d.TimeRestore || d.TimeFrom == "" || d.TimeTo == "" {
		return drawn{}, o.errorf("it has no stored time range, so Kibana shows the last 15 minutes; save it with \"Store time with dashboard\"")
	}
	around, err := e.span(timeRange{From: d.TimeFrom, To: d.TimeTo})
	if err != nil {
		return drawn{}, o.errorf("%w", err)
	}
	source, err := readSource(d.KibanaSavedObjectMeta.SearchSourceJSON)
	if err != nil {
		return drawn{}, o.errorf("its query and filters: %w", err)
	}
	var panels []json.RawMessage
	if err := strictjson.Unmarshal([]byte(d.PanelsJSON), &panels); err != nil {
		return drawn{}, o.errorf("its panels aren't understood: %w", err)
	}
	var all drawn
	var errs []error
	if all.controls, err = e.choices(o, d.ControlGroupInput, around); err != nil {
		errs = append(errs, o.errorf("%w", err))
	}
	for i, text := range panels {
		p, err := readPanelRef(text, i)
		if err != nil {
			errs = append(errs, o.errorf("%w", err))
			continue
		}
		found, err := e.drawPanel(p, scope{on: o, around: around, filter: source.terms, index: p.PanelIndex})
		errs = append(errs, err)
		all.charts, all.controls = append(all.charts, found.charts...), append(all.controls, found.controls...)
	}
	return all, errors.Join(errs...)
}

// editors are the names of panel types in Kibana's menus.
var editors = map[string]string{"map": "Maps", "search": "a saved search"}

// noData are the types of panels that show no rows.
var noData = []string{"links", "image", "DASHBOARD_MARKDOWN", "markdown"}

// readPanelRef reads the panel with this number. Other editors' panels are named, with
// what to do.
func readPanelRef(text json.RawMessage, number int) (panelRef, error) {
	var kind struct {
		Type, PanelIndex, Title string
		EmbeddableConfig        struct{ Title string }
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return panelRef{}, fmt.Errorf("panel %d: %w", number, err)
	}
	index := cmp.Or(kind.PanelIndex, fmt.Sprint(number))
	switch kind.Type {
	case "", visualizationType, lensType:
	default:
		if slices.Contains(noData, kind.Type) {
			return panelRef{Type: kind.Type}, nil
		}
		return panelRef{}, fmt.Errorf("panel %s %q is of type %q (%s), which isn't understood here; make a Lens or an aggregation based visualization of it",
			index, cmp.Or(kind.Title, kind.EmbeddableConfig.Title), kind.Type, cmp.Or(editors[kind.Type], "another editor's"))
	}
	var p panelRef
	if err := strictjson.Unmarshal(text, &p); err != nil {
		return p, fmt.Errorf("panel %s isn't understood: %w", index, err)
	}
	p.PanelIndex = index
	return p, nil
}

// drawPanel returns what one panel of a dashboard shows.
func (e *export) drawPanel(p panelRef, in scope) (drawn, error) {
	config := p.EmbeddableConfig
	if config.TimeRange != nil {
		around, err := e.span(*config.TimeRange)
		if err != nil {
			return drawn{}, in.on.errorf("panel %s: %w", p.PanelIndex, err)
		}
		in.around = around
	}
	title := cmp.Or(p.Title, config.Title)
	own, err := readQuery(config.Query, config.Filters)
	if err != nil || len(own) > 0 {
		return drawn{}, in.on.errorf("panel %s %q has a query or filters beside those of its visualization, which isn't understood here; put them into the visualization", p.PanelIndex, title)
	}
	switch {
	case slices.Contains(noData, p.Type):
		return drawn{}, nil
	case config.SavedVis != nil:
		return e.byValue(*config.SavedVis, title, in)
	case p.Type == lensType && len(config.Attributes) > 0:
		return e.lens(in.on, p.PanelIndex, title, config.Attributes, in)
	}
	kind := cmp.Or(p.Type, visualizationType)
	id := cmp.Or(p.ID, config.SavedObjectID)
	if id == "" || p.PanelRefName != "" {
		// Since 7.13 a reference's name begins with the panel's; newer versions of 9 call
		// each the same. Sources: elastic/kibana, pull requests 96095 and 225314.
		own := p.PanelIndex + ":"
		if id, err = in.on.resolve(kind, cmp.Or(p.PanelRefName, own+"savedObjectRef"), own+p.PanelRefName, own+"savedObjectRef"); err != nil {
			return drawn{}, err
		}
	}
	shown := e.find(kind, id)
	switch {
	case shown == nil:
		return drawn{}, in.on.errorf("panel %s shows the %s %q, which isn't in the file; export with related objects", p.PanelIndex, kind, id)
	case kind == lensType:
		return e.lens(shown, shown.ID, cmp.Or(title, shown.title), shown.Attributes, in)
	}
	return e.visualization(shown, title, in)
}
