package kibana

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// shows is what decides which numbers an object shows. Kibana's migrations add to the
// rest (visualization_saved_object_migrations.ts of github.com/elastic/kibana).
type shows struct {
	Title, TimeFieldName, TimeFrom, TimeTo string
	VisState                               string
	Aggs                                   any
}

func (o Object) shows() (s shows, err error) {
	if len(o.Attributes) == 0 {
		return s, fmt.Errorf("it has no attributes")
	}
	if err = json.Unmarshal(o.Attributes, &s); err == nil && s.VisState != "" {
		err = json.Unmarshal([]byte(s.VisState), &s)
	}
	s.VisState = ""
	return s, err
}

// Changed reports how an object that Kibana keeps differs from the one that it was sent:
// it refers to less, or shows other numbers, or isn't there at all.
func Changed(sent, kept Object) error {
	if kept.Ref != sent.Ref {
		return fmt.Errorf("it answers with %q in place of %s", kept.Ref, sent.Ref)
	}
	if had, has := len(sent.References), len(kept.References); has < had {
		return fmt.Errorf("it has changed %s: it was sent with %d references, and is kept with %d", sent.Ref, had, has)
	}
	before, err := sent.shows()
	if err != nil {
		return fmt.Errorf("read %s: %w", sent.Ref, err)
	}
	after, err := kept.shows()
	if err != nil {
		return fmt.Errorf("it keeps %s as what can't be read: %w", sent.Ref, err)
	}
	if !reflect.DeepEqual(before, after) {
		return fmt.Errorf("it has changed %s: it was sent %+v, and keeps %+v", sent.Ref, before, after)
	}
	return nil
}
