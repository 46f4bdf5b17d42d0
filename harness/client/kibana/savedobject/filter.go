package savedobject

import (
	"encoding/json"
	"fmt"
	"slices"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// source is what a saved search source selects: a data view, and rows.
type source struct {
	index, indexRef string
	terms           []panel.Term
}

type searchSource struct {
	Query *struct {
		Query    json.RawMessage
		Language string
	}
	Filter              []json.RawMessage
	Index, IndexRefName string
	HighlightAll        json.RawMessage // matters only for lists of documents
	Version             json.RawMessage
}

// filter is one of a search source's. Query is what Kibana sends to Elasticsearch;
// Meta is only what it displays. Source: searches of Kibana 7.17.6.
type filter struct {
	Meta struct {
		Type, Key, Value, Alias    any
		Params                     json.RawMessage
		Negate, Disabled           bool
		Index, IndexRefName, Field string
		ControlledBy               string
	}
	Query         json.RawMessage
	Exists, Range json.RawMessage // in place of Query
	State         json.RawMessage `json:"$state"`
}

func readSource(text string) (source, error) {
	var raw searchSource
	if text == "" {
		return source{}, nil
	}
	if err := strictjson.Unmarshal([]byte(text), &raw); err != nil {
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
	for i, text := range raw.Filter {
		terms, err := readFilter(text)
		if err != nil {
			return fmt.Errorf("filter %d: %w", i, err)
		}
		s.terms = append(s.terms, terms...)
	}
	return nil
}

// types are the kinds of filters that are read, by the names in their meta.
var types = []any{nil, "phrase", "phrases", "exists", "range"}

// readFilter reads the filters is, is one of, exists and is between, and what leaves
// their rows out. A disabled one, which Kibana doesn't send, has no terms, whatever its
// type.
func readFilter(text json.RawMessage) ([]panel.Term, error) {
	var state struct{ Meta struct{ Disabled bool } }
	if err := json.Unmarshal(text, &state); err != nil || state.Meta.Disabled {
		return nil, err
	}
	var f filter
	if err := strictjson.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	if !slices.Contains(types, f.Meta.Type) {
		return nil, fmt.Errorf("one of type %v isn't understood; want is, is one of, exists or is between", f.Meta.Type)
	}
	sent, err := f.sent()
	if err != nil {
		return nil, err
	}
	displayed, err := f.displayed()
	if err == nil && !same(sent, displayed) {
		err = fmt.Errorf("its query, %s, is what Kibana sends, and its meta, %s, what Kibana displays; edit the filter so that both say the same", sent, displayed)
	}
	sent.Not = f.Meta.Negate
	return []panel.Term{sent}, err
}
