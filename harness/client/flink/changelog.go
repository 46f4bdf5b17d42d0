package flink

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// table is the result of a changelog: rows come, change and go. A changed row keeps
// its place, which keeps an ordered result in order.
type table struct {
	slots  [][]any // nil for a row that was removed
	live   int
	places map[string][]int // where the equal rows are, by their fields in JSON
	freed  int              // 1 + the place that the last UPDATE_BEFORE left, or 0
}

func (t *table) apply(row wireRow, values []any) error {
	key := string(bytes.Join(raw(row.Fields), []byte{','}))
	switch row.Kind {
	case "INSERT":
		t.put(key, values, len(t.slots))
	case "UPDATE_AFTER":
		place := len(t.slots)
		if t.freed > 0 {
			place = t.freed - 1
		}
		t.freed = 0
		t.put(key, values, place)
	case "UPDATE_BEFORE", "DELETE":
		place, err := t.drop(key)
		if err != nil {
			return fmt.Errorf("%s of the row (%s): %w", row.Kind, key, err)
		}
		if t.freed = 0; row.Kind == "UPDATE_BEFORE" {
			t.freed = place + 1
		}
	default:
		return fmt.Errorf("the SQL Gateway sent a row of the unknown kind %q", row.Kind)
	}
	return nil
}

func (t *table) put(key string, values []any, place int) {
	if place == len(t.slots) {
		t.slots = append(t.slots, nil)
	}
	t.slots[place] = values
	t.places[key] = append(t.places[key], place)
	t.live++
}

func (t *table) drop(key string) (int, error) {
	places := t.places[key]
	if len(places) == 0 {
		return 0, fmt.Errorf("no such row was inserted before")
	}
	place := places[len(places)-1]
	if t.places[key] = places[:len(places)-1]; len(places) == 1 {
		delete(t.places, key)
	}
	t.slots[place] = nil
	t.live--
	return place, nil
}

func (t *table) rows() [][]any {
	var rows [][]any
	for _, row := range t.slots {
		if row != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

func raw(fields []json.RawMessage) [][]byte {
	list := make([][]byte, len(fields))
	for i, f := range fields {
		list[i] = f
	}
	return list
}
