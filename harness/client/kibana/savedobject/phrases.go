package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// choice is a field and the values that it may have.
type choice struct {
	field  string
	values []string
}

func (c choice) String() string { return c.field + " is " + strings.Join(c.values, " or ") }

func (c choice) term() panel.Term { return panel.Term{Field: c.field, Values: c.values} }

func (c choice) equal(o choice) bool {
	return c.field == o.field && slices.Equal(slices.Sorted(slices.Values(c.values)), slices.Sorted(slices.Values(o.values)))
}

// phrase is a query for one value: {"match_phrase": {"action": "A"}}, with the value
// as it is or as {"query": "A"}.
type phrase struct {
	MatchPhrase map[string]json.RawMessage `json:"match_phrase"`
}

func (p phrase) read() (c choice, err error) {
	for field, value := range p.MatchPhrase {
		var object struct{ Query json.RawMessage }
		if json.Unmarshal(value, &object) == nil && len(object.Query) > 0 {
			value = object.Query
		}
		c.field = field
		c.values, err = appendValue(nil, field, value)
	}
	if err == nil && len(p.MatchPhrase) != 1 {
		err = errors.New("it isn't a match_phrase of one field")
	}
	return c, err
}

// sent returns what the filter's query means: one match_phrase, or a bool of which
// one should match.
func (f filter) sent() (choice, error) {
	var query struct {
		phrase
		Bool *struct {
			Should             []phrase
			MinimumShouldMatch json.RawMessage `json:"minimum_should_match"`
		}
	}
	if err := strictjson.Unmarshal(f.Query, &query); err != nil {
		return choice{}, fmt.Errorf("its query %.100s isn't understood: %w", f.Query, err)
	}
	if query.Bool == nil {
		one, err := query.phrase.read()
		if err != nil {
			err = fmt.Errorf("its query %.100s isn't understood: %w", f.Query, err)
		}
		return one, err
	}
	var all choice
	for i, p := range query.Bool.Should {
		one, err := p.read()
		if err == nil && i > 0 && one.field != all.field {
			err = errors.New("it has several fields")
		}
		if err != nil {
			return all, fmt.Errorf("its query %.100s isn't understood: %w", f.Query, err)
		}
		all = choice{one.field, append(all.values, one.values...)}
	}
	if len(all.values) == 0 || string(query.Bool.MinimumShouldMatch) != "1" {
		return all, fmt.Errorf("its query %.100s isn't understood: want one of several match_phrase, with minimum_should_match 1", f.Query)
	}
	return all, nil
}

// displayed returns what the filter's meta says.
func (f filter) displayed() (choice, error) {
	field, _ := f.Meta.Key.(string)
	c := choice{field: field}
	var list []json.RawMessage
	if f.Meta.Type == "phrases" {
		if err := json.Unmarshal(f.Meta.Params, &list); err != nil {
			return c, fmt.Errorf("its params: %w", err)
		}
	} else {
		var one struct{ Query json.RawMessage }
		if err := json.Unmarshal(f.Meta.Params, &one); err != nil {
			return c, fmt.Errorf("its params: %w", err)
		}
		list = append(list, one.Query)
	}
	for _, value := range list {
		var err error
		if c.values, err = appendValue(c.values, field, value); err != nil {
			return c, err
		}
	}
	if field == "" || len(c.values) == 0 {
		return c, errors.New("its meta names no field or no value")
	}
	return c, nil
}

// appendValue adds a string, a number or a boolean as text.
func appendValue(values []string, field string, text json.RawMessage) ([]string, error) {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return values, fmt.Errorf("a value of field %q: %w", field, err)
	}
	switch value := value.(type) {
	case string, bool:
		return append(values, fmt.Sprint(value)), nil
	case float64:
		return append(values, strconv.FormatFloat(value, 'f', -1, 64)), nil
	}
	return values, fmt.Errorf("a value of field %q isn't understood: %s", field, text)
}
