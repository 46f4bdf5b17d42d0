package provisioning

import (
	"encoding/json"
	"fmt"
	"strings"

	"hoplab.example/harness/util/strictjson"
)

type variableJSON struct {
	Name, Type string
	Datasource *sourceRef
	Query      json.RawMessage
	Multi      bool
	IncludeAll bool
	AllValue   *string // null in exports of Grafana
	Regex      string
	Current    struct{ Value json.RawMessage }

	Filters, BaseFilters []json.RawMessage // of type adhoc
}

// allOf is the value for all. Source: Grafana's manual, "Add
// variables", All.
const allOf = "$__all"

// listed reports whether all is the list of all values, in place of allValue.
func (v variableJSON) listed() bool { return v.AllValue == nil || *v.AllValue == "" }

// variable reads an entry of templating.list.
func (r *reading) variable(raw json.RawMessage) error {
	var v variableJSON
	if err := json.Unmarshal(raw, &v); err != nil {
		return r.errorf("templating", "%w", strictjson.Explain(err))
	}
	where := fmt.Sprintf("variable %q", v.Name)
	c := chosen{variable: v}
	var err error
	switch v.Type {
	case "query":
		if c.field, err = r.variableField(v); err != nil {
			return r.errorf(where, "%w", err)
		}
		r.named = append(r.named, named{r.file + ": " + where, c.field})
		r.Variables = append(r.Variables, Variable{r.file, v.Name, c.field})
	case "custom", "constant", "textbox", "datasource", "interval":
	case "adhoc":
		if len(v.Filters)+len(v.BaseFilters) > 0 {
			return r.errorf(where, "it has filters, which aren't understood here; remove them, or write them into the panels' queries")
		}
		return nil // without filters it leaves queries as they are
	default:
		return r.errorf(where, "variables of type %q aren't understood here, want query, custom, constant, textbox, datasource or interval; remove it", v.Type)
	}
	given := false
	if c.values, given = r.options.Variables[v.Name]; !given {
		if c.values, err = v.current(); err != nil {
			return r.errorf(where, "%w", err)
		}
	}
	if list := ""; v.Type == "custom" && c.all() && v.listed() && json.Unmarshal(v.Query, &list) == nil {
		c.values = strings.Split(strings.ReplaceAll(list, " ", ""), ",")
	}
	if c.wrong = c.check(); c.wrong != nil && v.Type == "query" {
		return r.errorf(where, "%w", c.wrong)
	}
	r.variables[v.Name] = c
	return nil
}

// variableField returns the field whose terms are offered, in whichever order. Source: Grafana's
// manual, "Elasticsearch template variables".
func (r *reading) variableField(v variableJSON) (string, error) {
	if v.Regex != "" {
		return "", fmt.Errorf("regex is %q, which isn't understood here", v.Regex)
	}
	if _, err := r.find(v.Datasource); err != nil {
		return "", err
	}
	text := v.Query
	var quoted string
	if json.Unmarshal(text, &quoted) == nil {
		text = json.RawMessage(quoted)
	}
	var query struct{ Find, Field string }
	if err := strict(text, &query, "orderBy", "order"); err != nil {
		return "", fmt.Errorf("query %.100s: %w", text, err)
	}
	if query.Find != "terms" || query.Field == "" {
		return "", fmt.Errorf(`query %.100s isn't understood here, want {"find": "terms", "field": "…"}`, text)
	}
	return query.Field, nil
}

// current returns the file's choice: a value, or a list. A constant has it as its query.
func (v variableJSON) current() ([]string, error) {
	text := v.Current.Value
	if len(text) == 0 && v.Type == "constant" {
		text = v.Query
	}
	var one string
	var many []string
	if json.Unmarshal(text, &one) == nil {
		return []string{one}, nil
	}
	if err := json.Unmarshal(text, &many); err != nil || len(many) == 0 {
		return nil, fmt.Errorf("current.value is %.60s, want a string or a list of them", text)
	}
	return many, nil
}
