package savedobject

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"hoplab.example/harness/client/panel"
)

// controlGroup has the controls above a dashboard since 8.0, by id. Source:
// src/plugins/controls/common/control_group of github.com/elastic/kibana at 8.x.
type controlGroup struct{ PanelsJSON string }

type groupControl struct {
	Type          string
	ExplicitInput struct{ FieldName, Title, DataViewID string }
}

// choices returns a panel for each control with a list of values or a range. Kibana asks
// for ten values first and for more when one scrolls (MIN_OPTIONS_LIST_REQUEST_SIZE of its
// plugin controls), so the values are compared, and not how many there are.
func (e *export) choices(o *object, text json.RawMessage, around panel.Range) (all []panel.Panel, err error) {
	if len(text) == 0 {
		return nil, nil
	}
	var group controlGroup
	var controls map[string]groupControl
	if err = json.Unmarshal(text, &group); err == nil && group.PanelsJSON != "" {
		err = json.Unmarshal([]byte(group.PanelsJSON), &controls)
	}
	if err != nil {
		return nil, fmt.Errorf("its controls aren't understood: %w", err)
	}
	for _, id := range slices.Sorted(maps.Keys(controls)) {
		c := controls[id]
		of, reads := map[string]struct{ kind, ref string }{
			"optionsListControl": {"list", "optionsListDataView"}, "rangeSliderControl": {"range", "rangeSliderDataView"},
		}[c.Type]
		if !reads {
			continue // such as a choice of the time, which shows no field
		}
		view := c.ExplicitInput.DataViewID
		for _, r := range o.References {
			if r.Name == "controlGroup_"+id+":"+of.ref {
				view = r.ID
			}
		}
		p, err := e.control(o, control{Type: of.kind, FieldName: c.ExplicitInput.FieldName, IndexPattern: view}, scope{on: o, around: around})
		if err != nil {
			return nil, fmt.Errorf("control %q: %w", c.ExplicitInput.Title, err)
		}
		if of.kind == "list" {
			p.Buckets[0].Size = panel.MaxTerms
		}
		p.ID, p.Title = id, c.ExplicitInput.Title
		all = append(all, p)
	}
	return all, nil
}
