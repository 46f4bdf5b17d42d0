package provisioning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"hoplab.example/harness/util/strictjson"
)

// parse reads a file's JSON. Errors give line and column.
func parse(file string, text []byte, into any) error {
	err := json.Unmarshal(text, into)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("%s:%s: it isn't valid JSON: %w", file, lineColumn(text, syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("%s:%s: %w", file, lineColumn(text, kind.Offset), strictjson.Explain(err))
	case err != nil:
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// lineColumn returns line:column of the last byte read, counted from 1.
func lineColumn(text []byte, offset int64) string {
	before := text[:max(0, min(int(offset)-1, len(text)))]
	line := bytes.Count(before, []byte("\n"))
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("%d:%d", line+1, column)
}

// strict reads an object, and refuses fields that neither into has nor looks names.
// Those in looks aren't read.
func strict(text json.RawMessage, into any, looks ...string) error {
	if len(text) == 0 || string(text) == "null" {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return fmt.Errorf("it is %.60s, want an object", text)
	}
	for _, name := range looks {
		delete(all, name)
	}
	rest, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return strictjson.Unmarshal(rest, into)
}

// kindOf reads what a bucket or a metric is: one of another type has other settings, which
// would be what strict names.
func kindOf(raw json.RawMessage) (id, kind string) {
	var j struct{ ID, Type string }
	if json.Unmarshal(raw, &j) != nil {
		return "", "" // reading it says what is wrong
	}
	return j.ID, j.Type
}

// blank reports whether a setting is there without saying anything.
func blank(setting json.RawMessage) bool {
	return len(setting) == 0 || string(setting) == "null" || string(setting) == `""`
}

// setting is a text, or a number in place of one, which Grafana doesn't take
// for each setting (answers of 12.2).
type setting struct {
	text
	number bool
}

// UnmarshalJSON takes both.
func (s *setting) UnmarshalJSON(data []byte) error {
	s.number = len(data) > 0 && data[0] != '"'
	return s.text.UnmarshalJSON(data)
}

// text is a setting that is written as a string or as a number.
type text string

// UnmarshalJSON takes both.
func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	if err := json.Unmarshal(data, &s); err == nil {
		*t = text(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil {
		return fmt.Errorf("%.60s is neither a string nor a number", data)
	}
	*t = text(n.String())
	return nil
}
