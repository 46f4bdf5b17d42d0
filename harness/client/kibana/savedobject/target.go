package savedobject

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/client/panel"
)

// Target says how to change an export, to use the shipped file for any run.
type Target struct {
	// From and Index: data views that show the index From, also by a pattern, show the
	// index Index.
	From, Index string
	// Suffix is added to each object's id: the objects of several runs can then be
	// in one Kibana, beside those of its users. It may be empty. Objects must refer
	// to each other by reference, as they do since Kibana's migrations to 7.0.
	Suffix string
	// Range, unless zero, replaces the time ranges that dashboards have.
	Range panel.Range
}

// Apply returns the changed export. It is an error if no data view shows From.
func (t Target) Apply(file string, text []byte) ([]byte, error) {
	if _, err := (Reader{}).parse(file, text); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	found := false
	for line := range bytes.Lines(bytes.TrimPrefix(text, byteOrderMark)) {
		var o map[string]any
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.UseNumber()
		if err := decoder.Decode(&o); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if _, summary := o["exportedCount"]; !summary {
			changed, err := t.change(o)
			if err != nil {
				return nil, fmt.Errorf("%s: %v %v: %w", file, o["type"], o["id"], err)
			}
			found = found || changed
		}
		if err := writeLine(&out, o); err != nil {
			return nil, err
		}
	}
	if !found {
		return nil, fmt.Errorf("%s: no data view shows the index %q, so none can show %q instead", file, t.From, t.Index)
	}
	return out.Bytes(), nil
}

func writeLine(out *bytes.Buffer, v any) error {
	encoder := json.NewEncoder(out) // it ends the line
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// change reports whether the object is a data view of From.
func (t Target) change(o map[string]any) (view bool, err error) {
	if o["type"] != tagType {
		o["id"] = fmt.Sprint(o["id"]) + t.Suffix
	}
	references, _ := o["references"].([]any)
	for _, r := range references {
		if r, ok := r.(map[string]any); ok && r["type"] != tagType {
			r["id"] = fmt.Sprint(r["id"]) + t.Suffix
		}
	}
	attributes, ok := o["attributes"].(map[string]any)
	if !ok {
		return false, errors.New("its attributes aren't an object")
	}
	switch o["type"] {
	case viewType:
		title, _ := attributes["title"].(string)
		if view = (panel.View{Index: title}).Has(t.From); view {
			attributes["title"] = t.Index
		}
	case dashboardType:
		for end, at := range map[string]time.Time{"timeFrom": t.Range.From, "timeTo": t.Range.To} {
			if text, _ := attributes[end].(string); text != "" && t.Range != (panel.Range{}) {
				attributes[end] = stamp(at)
			}
		}
	}
	return view, nil
}
