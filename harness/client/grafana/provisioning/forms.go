package provisioning

import (
	"encoding/json"
	"fmt"
	"strings"

	"hoplab.example/harness/client/panel"
)

// unwrap returns the dashboard in the classic model, of the text as it is; of what
// Grafana's API takes and gives, {"dashboard": …, "overwrite": true} and {"meta": …,
// "dashboard": …}; or of a resource, as Grafana 12 and 13 write it: in version 1 its spec is
// the classic model.
func unwrap(file string, text []byte) ([]byte, error) {
	var all struct {
		APIVersion, Kind        string
		Metadata                struct{ Name string }
		Dashboard, Spec, Panels json.RawMessage
		Inputs                  []struct{ Name, PluginName string } `json:"__inputs"`
	}
	if err := parse(file, text, &all); err != nil {
		return nil, err
	}
	switch {
	case len(all.Inputs) > 0:
		return nil, fmt.Errorf("%s: it was exported for sharing, and asks on import which data source ${%s} is; choose yours in each datasource, or export it again without sharing", file, all.Inputs[0].Name)
	case len(all.Dashboard) > 0 && all.Panels == nil:
		return unwrap(file, all.Dashboard)
	case !strings.HasPrefix(all.APIVersion, "dashboard.grafana.app/"):
		return text, nil
	}
	var classic map[string]any
	var err error
	if version := strings.TrimPrefix(all.APIVersion, "dashboard.grafana.app/"); strings.HasPrefix(version, "v2") {
		classic, err = fromV2(all.Spec)
	} else {
		err = json.Unmarshal(all.Spec, &classic)
	}
	if err != nil || classic == nil {
		return nil, fmt.Errorf("%s: its spec isn't one of %s: %w", file, all.APIVersion, orNothing(err))
	}
	classic["uid"] = all.Metadata.Name
	return json.Marshal(classic)
}

func orNothing(err error) error {
	if err == nil {
		err = fmt.Errorf("it is empty")
	}
	return err
}

// resource is a part of a dashboard of version 2: what it is, and what it says. Group
// has the plug-in since v2beta1, and Kind before.
type resource struct {
	Kind, Group string
	Datasource  *struct{ Name, UID string }
	Spec        json.RawMessage
}

func (r resource) plugin() string {
	if r.Group != "" {
		return r.Group
	}
	return r.Kind
}

// source names the data source of a query: by its uid, which version 2 calls its name.
func (r resource) source(outer *sourceRef) any {
	if r.Datasource != nil && r.Datasource.Name+r.Datasource.UID != "" {
		return panel.Object{"type": r.plugin(), "uid": r.Datasource.Name + r.Datasource.UID}
	}
	if outer != nil {
		return outer
	}
	return nil
}

// v2 is a dashboard of version 2. Source: apps/dashboard/kinds/v2alpha1, v2beta1 and
// v2, dashboard_spec.cue of github.com/grafana/grafana.
type v2 struct {
	Title        string
	Annotations  []resource
	Variables    []resource
	Elements     map[string]resource
	Layout       resource
	TimeSettings struct{ From, To, Timezone string }
}

// classicSchema is that of Grafana 12.2. Source: DASHBOARD_SCHEMA_VERSION in its
// DashboardMigrator.ts.
const classicSchema = 42

func fromV2(text []byte) (panel.Object, error) {
	var d v2
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, err
	}
	places, err := d.Layout.items("")
	if err != nil {
		return nil, err
	}
	panels, variables, annotations := []any{}, []any{}, []any{}
	for _, at := range places {
		p, err := d.Elements[at.element].panel(at)
		if err != nil {
			return nil, fmt.Errorf("element %q: %w", at.element, err)
		}
		panels = append(panels, p)
	}
	for _, v := range d.Variables {
		one, err := v.variable()
		if err != nil {
			return nil, err
		}
		variables = append(variables, one)
	}
	for _, a := range d.Annotations {
		one, err := a.annotation()
		if err != nil {
			return nil, err
		}
		annotations = append(annotations, one)
	}
	return panel.Object{
		"title": d.Title, "schemaVersion": classicSchema, "timezone": d.TimeSettings.Timezone,
		"time":   panel.Object{"from": d.TimeSettings.From, "to": d.TimeSettings.To},
		"panels": panels, "templating": panel.Object{"list": variables}, "annotations": panel.Object{"list": annotations},
	}, nil
}

// place is where an element is shown, and the variable that repeats it.
type place struct{ element, repeat string }

// items lists what a layout shows: a grid, rows or tabs, which may hold others.
func (r resource) items(repeat string) (all []place, err error) {
	var s struct {
		Items, Rows, Tabs []resource
		Layout            *resource
		Element           struct{ Name string }
		Repeat            struct{ Value string }
	}
	if err := json.Unmarshal(r.Spec, &s); err != nil {
		return nil, fmt.Errorf("its layout: %w", err)
	}
	if s.Repeat.Value != "" {
		repeat = s.Repeat.Value
	}
	if s.Element.Name != "" {
		return []place{{s.Element.Name, repeat}}, nil
	}
	inner := append(append(s.Items, s.Rows...), s.Tabs...)
	if s.Layout != nil {
		inner = append(inner, *s.Layout)
	}
	for _, part := range inner {
		found, err := part.items(repeat)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}
