package provisioning

import (
	"encoding/json"
	"fmt"

	"hoplab.example/harness/client/panel"
)

// panel returns an element in the classic model.
func (r resource) panel(at place) (panel.Object, error) {
	if r.Kind != "Panel" {
		return nil, fmt.Errorf("it is a %q, which isn't understood here; want a panel of the dashboard's own", r.Kind)
	}
	var p struct {
		ID    int64
		Title string
		Data  struct {
			Spec struct {
				Queries         []struct{ Spec queryV2 }
				Transformations []resource
				QueryOptions    panel.Object
			}
		}
		VizConfig resource
	}
	if err := json.Unmarshal(r.Spec, &p); err != nil {
		return nil, err
	}
	var look struct{ Options, FieldConfig any }
	if len(p.VizConfig.Spec) > 0 {
		if err := json.Unmarshal(p.VizConfig.Spec, &look); err != nil {
			return nil, err
		}
	}
	targets, transformations := []any{}, []any{}
	for _, q := range p.Data.Spec.Queries {
		target, err := q.Spec.target()
		if err != nil {
			return nil, err
		}
		targets = append(targets, target)
	}
	for _, t := range p.Data.Spec.Transformations {
		transformations = append(transformations, t.Spec)
	}
	classic := panel.Object{
		"id": p.ID, "title": p.Title, "type": p.VizConfig.plugin(), "options": look.Options, "fieldConfig": look.FieldConfig,
		"targets": targets, "transformations": transformations, "repeat": at.repeat,
	}
	for name, value := range p.Data.Spec.QueryOptions {
		classic[name] = value
	}
	return classic, nil
}

type queryV2 struct {
	RefID      string
	Hidden     bool
	Datasource *sourceRef // in v2alpha1
	Query      resource
}

func (q queryV2) target() (panel.Object, error) {
	target := panel.Object{}
	if err := json.Unmarshal(q.Query.Spec, &target); err != nil {
		return nil, fmt.Errorf("query %s: %w", q.RefID, err)
	}
	target["refId"] = q.RefID
	if q.Hidden {
		target["hide"] = true
	}
	if source := q.Query.source(q.Datasource); source != nil {
		target["datasource"] = source
	}
	return target, nil
}

// variableKinds are the classic names of those that are read.
var variableKinds = map[string]string{
	"QueryVariable": "query", "CustomVariable": "custom", "ConstantVariable": "constant", "TextVariable": "textbox", "DatasourceVariable": "datasource",
	"IntervalVariable": "interval", "AdhocVariable": "adhoc",
}

func (r resource) variable() (panel.Object, error) {
	classic := panel.Object{}
	if err := json.Unmarshal(r.Spec, &classic); err != nil {
		return nil, fmt.Errorf("a variable: %w", err)
	}
	kind, known := variableKinds[r.Kind]
	if !known {
		kind = r.Kind
	}
	classic["type"] = kind
	if kind != "query" {
		return classic, nil
	}
	var s struct {
		Datasource *sourceRef // in v2alpha1
		Query      resource
	}
	if err := json.Unmarshal(r.Spec, &s); err != nil {
		return nil, fmt.Errorf("variable %v: %w", classic["name"], err)
	}
	classic["datasource"] = s.Query.source(s.Datasource)
	var query panel.Object
	if err := json.Unmarshal(s.Query.Spec, &query); err != nil {
		return nil, fmt.Errorf("variable %v: %w", classic["name"], err)
	}
	classic["query"] = query
	for _, name := range []string{"__legacyStringValue", "query"} { // the text of a query of version 1
		if text, found := query[name].(string); found {
			classic["query"] = text
		}
	}
	return classic, nil
}

func (r resource) annotation() (panel.Object, error) {
	var a struct {
		Name       string
		BuiltIn    bool
		Datasource *sourceRef // in v2alpha1
		Query      resource
	}
	if err := json.Unmarshal(r.Spec, &a); err != nil {
		return nil, fmt.Errorf("an annotation: %w", err)
	}
	classic := panel.Object{"name": a.Name, "datasource": a.Query.source(a.Datasource)}
	if a.BuiltIn {
		classic["builtIn"] = 1
	}
	return classic, nil
}
