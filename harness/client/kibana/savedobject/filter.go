package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"hoplab.example/harness/client/panel"
)

// source is what a saved search source says: which data view, and which rows.
type source struct {
	index, indexRef string
	terms           []panel.Term
}

type searchSource struct {
	Query *struct {
		Query    json.RawMessage
		Language string
	}
	Filter              []filter
	Index, IndexRefName string
	HighlightAll        json.RawMessage // matters to lists of documents only
	Version             json.RawMessage
}

// filter is one of a search source's. Its Query is what Kibana sends; Meta is
// what it shows, from which the query is made anew.
type filter struct {
	Meta struct {
		Type, Key, Value, Alias    any
		Params                     json.RawMessage
		Negate, Disabled           bool
		Index, IndexRefName, Field string
		ControlledBy               string
	}
	Query json.RawMessage
	State json.RawMessage `json:"$state"`
}

func readSource(text string) (source, error) {
	var raw searchSource
	if text == "" {
		return source{}, nil
	}
	if err := strict([]byte(text), &raw); err != nil {
		return source{}, err
	}
	s := source{index: raw.Index, indexRef: raw.IndexRefName}
	return s, s.read(raw)
}

func (s *source) read(raw searchSource) error {
	if raw.Query != nil {
		var query string
		if err := json.Unmarshal(raw.Query.Query, &query); err != nil && len(raw.Query.Query) > 0 {
			return fmt.Errorf("a query that isn't text isn't understood: %.80s", raw.Query.Query)
		}
		switch raw.Query.Language {
		case "kuery", "":
			terms, err := parseKQL(query)
			if err != nil {
				return err
			}
			s.terms = append(s.terms, terms...)
		default:
			if query != "" && query != "*" {
				return fmt.Errorf("a query in the language %q isn't understood; write it in KQL: %q", raw.Query.Language, query)
			}
		}
	}
	for i, f := range raw.Filter {
		if f.Meta.Disabled {
			continue // Kibana leaves it out, too
		}
		term, err := f.term()
		if err != nil {
			return fmt.Errorf("filter %d: %w", i, err)
		}
		s.terms = append(s.terms, term)
	}
	return nil
}

// term reads the filters "is" and "is one of".
func (f filter) term() (panel.Term, error) {
	field, _ := f.Meta.Key.(string)
	if f.Meta.Negate {
		return panel.Term{}, fmt.Errorf("one that leaves rows out (%q) isn't understood", field)
	}
	var list []any
	switch f.Meta.Type {
	case "phrase":
		var one struct{ Query any }
		if err := json.Unmarshal(f.Meta.Params, &one); err != nil {
			return panel.Term{}, fmt.Errorf("its params: %w", err)
		}
		list = []any{one.Query}
	case "phrases":
		if err := json.Unmarshal(f.Meta.Params, &list); err != nil {
			return panel.Term{}, fmt.Errorf("its params: %w", err)
		}
	default:
		return panel.Term{}, fmt.Errorf("one of type %v isn't understood; want phrase (is) or phrases (is one of)", f.Meta.Type)
	}
	if field == "" || len(list) == 0 {
		return panel.Term{}, errors.New("it names no field or no value")
	}
	term := panel.Term{Field: field}
	for _, value := range list {
		switch value := value.(type) {
		case string, bool:
			term.Values = append(term.Values, fmt.Sprint(value))
		case float64:
			term.Values = append(term.Values, strconv.FormatFloat(value, 'f', -1, 64))
		default:
			return panel.Term{}, fmt.Errorf("a value of field %q isn't understood: %v", field, value)
		}
	}
	return term, nil
}
