package savedobject

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

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
		LegendOpen                        json.RawMessage
		TimeRange                         *timeRange
		SavedVis                          *savedVis
	}
}

type timeRange struct{ From, To, Mode string }

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
var editors = map[string]string{"lens": "Lens", "map": "Maps", "search": "a saved search"}

// readPanelRef reads the panel with this number. Other editors' panels are named, with
// what to do.
func readPanelRef(text json.RawMessage, number int) (panelRef, error) {
	var kind struct {
		Type, PanelIndex, Title string
		EmbeddableConfig        struct {
			Title      string
			Attributes struct{ Title string }
		}
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return panelRef{}, fmt.Errorf("panel %d: %w", number, err)
	}
	index := cmp.Or(kind.PanelIndex, fmt.Sprint(number))
	if kind.Type != "" && kind.Type != visualizationType {
		title := cmp.Or(kind.Title, kind.EmbeddableConfig.Title, kind.EmbeddableConfig.Attributes.Title)
		return panelRef{}, fmt.Errorf("panel %s %q is of type %q (%s), which isn't understood here; make an aggregation based visualization of it",
			index, title, kind.Type, cmp.Or(editors[kind.Type], "another editor's"))
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
	if config.SavedVis != nil {
		return e.byValue(*config.SavedVis, title, in)
	}
	id := p.ID
	if p.PanelRefName != "" {
		var err error
		// Since 7.13 a reference's name begins with the panel's.
		if id, err = in.on.resolve(visualizationType, p.PanelRefName, p.PanelIndex+":"+p.PanelRefName); err != nil {
			return drawn{}, err
		}
	}
	shown := e.find(visualizationType, id)
	if shown == nil {
		return drawn{}, in.on.errorf("panel %s shows visualization %q, which isn't in the file", p.PanelIndex, id)
	}
	return e.visualization(shown, title, in)
}
