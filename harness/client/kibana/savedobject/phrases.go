package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// dsl is the part of Elasticsearch's query language that filters have.
type dsl struct {
	// MatchPhrase and Match have a value by field, as it is or as {"query": "A"}.
	MatchPhrase map[string]json.RawMessage `json:"match_phrase"`
	Match       map[string]json.RawMessage
	Exists      *struct{ Field string }
	Range       map[string]map[string]json.RawMessage
	Bool        *struct {
		Should             []json.RawMessage
		MinimumShouldMatch json.RawMessage `json:"minimum_should_match"`
	}
}

// sent returns what the filter's query means.
func (f filter) sent() (panel.Term, error) {
	text := f.Query
	for name, old := range map[string]json.RawMessage{"exists": f.Exists, "range": f.Range} {
		if len(old) > 0 { // as 7.17 writes it
			text = json.RawMessage(fmt.Sprintf(`{%q:%s}`, name, old))
		}
	}
	if len(text) == 0 || string(text) == "null" {
		return panel.Term{}, errors.New("it has no query: Kibana sends it empty, and Elasticsearch refuses that; create the filter in Kibana and export it again")
	}
	term, err := readDSL(text)
	if err != nil {
		err = fmt.Errorf("its query %.100s isn't understood: %w", text, err)
	}
	return term, err
}

func readDSL(text json.RawMessage) (panel.Term, error) {
	var query dsl
	if err := strictjson.Unmarshal(text, &query); err != nil {
		return panel.Term{}, err
	}
	switch {
	case query.Exists != nil:
		return panel.Term{Field: query.Exists.Field}, nil
	case len(query.Range) == 1:
		for field, bounds := range query.Range {
			return rangeOf(field, bounds)
		}
	case query.Bool != nil:
		return oneOf(query.Bool.Should, query.Bool.MinimumShouldMatch)
	case len(query.MatchPhrase)+len(query.Match) == 1:
		for field, value := range query.MatchPhrase {
			return phrase(field, value)
		}
		for field, value := range query.Match {
			return phrase(field, value)
		}
	}
	return panel.Term{}, errors.New("want match_phrase, range or exists of one field, or a bool of several match_phrase")
}

func phrase(field string, value json.RawMessage) (panel.Term, error) {
	var object struct{ Query json.RawMessage }
	if json.Unmarshal(value, &object) == nil && len(object.Query) > 0 {
		value = object.Query
	}
	text, err := valueOf(field, value)
	return panel.Term{Field: field, Values: []string{text}}, err
}

// oneOf reads a bool of which one must match.
func oneOf(should []json.RawMessage, least json.RawMessage) (panel.Term, error) {
	var parts []panel.Term
	for _, text := range should {
		part, err := readDSL(text)
		if err != nil {
			return part, err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 || string(least) != "1" {
		return panel.Term{}, errors.New("want one of several match_phrase, with minimum_should_match 1")
	}
	all := either(parts)
	if all.Any != nil {
		return all, errors.New("it has several fields")
	}
	return all, nil
}

// formats are those in which Kibana writes times.
var formats = []string{`"strict_date_optional_time"`, `"epoch_millis"`}

func rangeOf(field string, given map[string]json.RawMessage) (panel.Term, error) {
	t := panel.Term{Field: field, Bounds: panel.Bounds{}}
	for name, value := range given {
		if name == "format" && slices.Contains(formats, string(value)) || string(value) == "null" {
			continue
		}
		if !slices.Contains([]string{"gt", "gte", "lt", "lte"}, name) {
			return t, fmt.Errorf("a range with %q isn't understood", name)
		}
		text, err := valueOf(field, value)
		if err != nil {
			return t, err
		}
		t.Bounds[name] = text
	}
	return t, nil
}

// displayed returns what the filter's meta says.
func (f filter) displayed() (panel.Term, error) {
	field, _ := f.Meta.Key.(string)
	t := panel.Term{Field: field}
	var err error
	switch f.Meta.Type {
	case "exists":
	case "range":
		var given map[string]json.RawMessage
		if err = json.Unmarshal(f.Meta.Params, &given); err == nil {
			t, err = rangeOf(field, given)
		}
	case "phrases":
		var list []json.RawMessage
		err = json.Unmarshal(f.Meta.Params, &list)
		for _, value := range list {
			text, wrong := valueOf(field, value)
			t.Values, err = append(t.Values, text), errors.Join(err, wrong)
		}
	default:
		var one struct{ Query json.RawMessage }
		if err = json.Unmarshal(f.Meta.Params, &one); err == nil {
			t, err = phrase(field, one.Query)
		}
	}
	switch {
	case err != nil:
		return t, fmt.Errorf("its params: %w", err)
	case field == "" || f.Meta.Type == "phrases" && len(t.Values) == 0:
		return t, errors.New("its meta names no field or no value")
	}
	return t, nil
}

func same(a, b panel.Term) bool {
	return a.Field == b.Field && maps.Equal(a.Bounds, b.Bounds) &&
		slices.Equal(slices.Sorted(slices.Values(a.Values)), slices.Sorted(slices.Values(b.Values)))
}

// valueOf returns a string, a number or a boolean as text.
func valueOf(field string, text json.RawMessage) (string, error) {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return "", fmt.Errorf("a value of field %q: %w", field, err)
	}
	switch value := value.(type) {
	case string, bool:
		return fmt.Sprint(value), nil
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64), nil
	}
	return "", fmt.Errorf("a value of field %q isn't understood: %s", field, text)
}
