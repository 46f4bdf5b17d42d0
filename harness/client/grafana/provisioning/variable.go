package provisioning

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/util/strictjson"
)

type variableJSON struct {
	Name, Type string
	Datasource *sourceRef
	Query      json.RawMessage
	Multi      bool
	IncludeAll bool
	AllValue   string
	Regex      string
	Current    struct{ Value json.RawMessage }
}

// allOf is the value for all. Source: Grafana's manual, "Add
// variables", All.
const allOf = "$__all"

// variable reads an entry of templating.list.
func (r *reading) variable(raw json.RawMessage) error {
	var v variableJSON
	if err := json.Unmarshal(raw, &v); err != nil {
		return r.errorf("templating", "%w", strictjson.Explain(err))
	}
	where := fmt.Sprintf("variable %q", v.Name)
	field, err := r.variableField(v)
	if err != nil {
		return r.errorf(where, "%w", err)
	}
	r.named = append(r.named, named{r.file + ": " + where, field})
	r.Variables = append(r.Variables, Variable{r.file, v.Name, field})
	chosen, given := r.options.Variables[v.Name]
	if !given {
		if chosen, err = v.current(); err != nil {
			return r.errorf(where, "%w", err)
		}
	}
	if r.variables[v.Name], err = v.text(chosen); err != nil {
		return r.errorf(where, "%w", err)
	}
	return nil
}

// variableField returns the field whose terms are offered. Source: Grafana's
// manual, "Elasticsearch template variables".
func (r *reading) variableField(v variableJSON) (string, error) {
	switch {
	case v.Type != "query":
		return "", fmt.Errorf("variables of type %q aren't understood here, want query", v.Type)
	case v.Regex != "":
		return "", fmt.Errorf("regex is %q, which isn't understood here", v.Regex)
	case v.Datasource == nil:
		return "", fmt.Errorf("it has no datasource")
	}
	if _, known := r.source(v.Datasource.UID); !known {
		return "", fmt.Errorf("no data source has the uid %q", v.Datasource.UID)
	}
	text := v.Query
	var quoted string
	if json.Unmarshal(text, &quoted) == nil {
		text = json.RawMessage(quoted)
	}
	var query struct{ Find, Field string }
	if err := strict(text, &query); err != nil {
		return "", fmt.Errorf("query %.100s: %w", text, err)
	}
	if query.Find != "terms" || query.Field == "" {
		return "", fmt.Errorf(`query %.100s isn't understood here, want {"find": "terms", "field": "…"}`, text)
	}
	return query.Field, nil
}

// current returns the file's choice: a value, or a list.
func (v variableJSON) current() ([]string, error) {
	var one string
	var many []string
	if json.Unmarshal(v.Current.Value, &one) == nil {
		return []string{one}, nil
	}
	if err := json.Unmarshal(v.Current.Value, &many); err != nil || len(many) == 0 {
		return nil, fmt.Errorf("current.value is %.60s, want a string or a list of them", v.Current.Value)
	}
	return many, nil
}

// text returns what Grafana puts into a query for the variable: allValue as it is, and
// otherwise the form of Lucene, which the data source requests.
// Source: Grafana's manual, "Variable syntax", Lucene - Elasticsearch.
func (v variableJSON) text(chosen []string) (string, error) {
	if slices.Contains(chosen, allOf) {
		if !v.IncludeAll || v.AllValue == "" {
			return "", fmt.Errorf(`all is chosen, but includeAll isn't true or allValue is empty; Grafana then lists every value, which isn't known here: set allValue to "*"`)
		}
		return v.AllValue, nil
	}
	for _, value := range chosen {
		if !word.MatchString(value) {
			return "", fmt.Errorf("%q is chosen; only letters, digits, _, @ and dots are understood here", value)
		}
	}
	switch {
	case len(chosen) == 0:
		return "", fmt.Errorf("nothing is chosen")
	case v.Multi:
		return `("` + strings.Join(chosen, `" OR "`) + `")`, nil
	case len(chosen) > 1:
		return "", fmt.Errorf("%q are chosen, though multi isn't true", chosen)
	}
	return chosen[0], nil
}

// variableIn matches $name and ${name}.
var variableIn = regexp.MustCompile(`\$(?:\{(\w+)\}|(\w+))`)

// interpolate fills the variables into a query.
func (r *reading) interpolate(query string) (string, error) {
	var unknown string
	filled := variableIn.ReplaceAllStringFunc(query, func(match string) string {
		value, known := r.variables[strings.Trim(match, "${}")]
		if !known {
			unknown = match
		}
		return value
	})
	if unknown != "" {
		return "", fmt.Errorf("the dashboard has no variable %s", unknown)
	}
	return filled, nil
}
