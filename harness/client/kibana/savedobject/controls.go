package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// controls has the params of the visualization "Controls".
type controls struct {
	Controls              []control
	UpdateFiltersOnChange bool
	UseTimeFilter         bool
	PinFilters            bool
}

type control struct {
	ID, Parent, Label, Type, FieldName string
	IndexPattern, IndexPatternRefName  string
	Options                            struct {
		Type, Order                 string
		Multiselect, DynamicOptions bool
		Size                        int
		DecimalPlaces, Step         json.RawMessage
	}
}

// controls returns a panel for each control: the values of its field, or the least
// and the greatest value. Kibana asks for them with the same kind of search.
// Source: list_control_factory.ts and range_control_factory.ts of its plugin
// input_control_vis.
func (e *export) controls(o *object, id, title string, state visState, in scope) (drawn, error) {
	var c controls
	if err := strictjson.Unmarshal(state.Params, &c); err != nil {
		return drawn{}, o.errorf("%q: its params aren't understood: %w", title, err)
	}
	var all drawn
	var errs []error
	for i, one := range c.Controls {
		p, err := e.control(o, one, in)
		if err != nil {
			errs = append(errs, o.errorf("%q: control %d (%s): %w", title, i, one.Label, err))
			continue
		}
		p.ID, p.Title = fmt.Sprintf("%s[%d]", id, i), title+": "+one.Label
		if !c.UseTimeFilter {
			p.Range = always
		}
		all.controls = append(all.controls, p)
	}
	return all, errors.Join(errs...)
}

// always is the range of controls without a time filter.
var always = panel.Range{From: time.Unix(0, 0).UTC(), To: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}

func (e *export) control(o *object, c control, in scope) (panel.Panel, error) {
	p := panel.Panel{File: e.file, Range: in.around, Kind: panel.Bar}
	id := c.IndexPattern
	var err error
	if c.IndexPatternRefName != "" {
		if id, err = o.resolve(viewType, c.IndexPatternRefName, in.index+":"+c.IndexPatternRefName); err != nil {
			return p, err
		}
	}
	if p.View, err = e.view(o, id); err != nil {
		return p, err
	}
	if c.Parent != "" {
		return p, errors.New("a control that depends on another isn't understood")
	}
	switch c.Type {
	case "list":
		size := c.Options.Size
		switch {
		case c.Options.DynamicOptions:
			size = elasticTerms // Kibana sends none
		case size == 0:
			size = 5 // as Kibana 7.17.6 sends
		}
		p.Buckets = []panel.Bucket{{ID: "termsAgg", By: panel.Terms, Field: c.FieldName, Size: size}}
		p.Metrics = []panel.Metric{{Of: panel.Count}}
	case "range":
		p.Kind = panel.Stat
		p.Metrics = []panel.Metric{{ID: "minAgg", Of: panel.Min, Field: c.FieldName}, {ID: "maxAgg", Of: panel.Max, Field: c.FieldName}}
	default:
		return p, fmt.Errorf("its type %q isn't understood", c.Type)
	}
	return p, nil
}
