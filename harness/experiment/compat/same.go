package compat

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"hoplab.example/harness/verify/probe"
)

// same reports the first document that two writers have written differently.
// Numbers are compared by their value: Java and Go write 0.0001 in their own
// ways.
func same(want, got []probe.Document) error {
	wanted, err := byID(want)
	if err != nil {
		return err
	}
	have, err := byID(got)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if !reflect.DeepEqual(wanted[id], have[id]) {
			return fmt.Errorf("document %s is %v, and %v of the writer before", id, have[id], wanted[id])
		}
	}
	if len(have) != len(wanted) {
		return fmt.Errorf("%d documents, and %d of the writer before", len(have), len(wanted))
	}
	return nil
}

func byID(documents []probe.Document) (map[string]map[string]any, error) {
	all := map[string]map[string]any{}
	for _, d := range documents {
		var fields map[string]any
		if err := json.Unmarshal(d.Source, &fields); err != nil {
			return nil, fmt.Errorf("document %s: %w", d.ID, err)
		}
		all[d.ID] = fields
	}
	return all, nil
}
