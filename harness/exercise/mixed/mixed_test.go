package mixed

import (
	"encoding/json"
	"testing"

	"hoplab.example/harness/rows/wisdm"
)

// TestMessages: each row is there, in the form of its device's publisher, and no broken
// message is a row.
func TestMessages(t *testing.T) {
	rows, broken, kinds, lacking := 0, 0, map[bool]int{}, map[string]int{}
	err := Messages(wisdm.Generator{Seed: 1, Rows: 3000}, 1, func(r wisdm.Row, message []byte, spoiled bool) error {
		var fields map[string]any
		err := json.Unmarshal(message, &fields)
		_, isNumber := fields["x"].(float64)
		whole := err == nil && isNumber
		for _, name := range []string{"usid", "action", "ts", "y", "z", "device", "sensor", "seq", "event_time"} {
			if err == nil && fields[name] == nil && (name != "action" || fields["activity"] == nil) {
				lacking[name]++
				whole = false
			}
		}
		if spoiled {
			broken++
			kinds[err == nil]++
		} else {
			rows++
		}
		if whole == spoiled {
			t.Errorf("spoiled %v: %s", spoiled, message)
		}
		if whole && (fields["activity"] == nil) == (r.Device == updated) {
			t.Errorf("a message of a %s: %s", r.Device, message)
		}
		return nil
	})
	for _, name := range []string{"usid", "event_time", "action", "sensor", "ts", "y", "z"} {
		if lacking[name] == 0 {
			t.Errorf("no message lacks %s: %v", name, lacking)
		}
	}
	if err != nil || rows != 3000 || broken != 30 || kinds[true] == 0 || kinds[false] == 0 {
		t.Errorf("%d rows, %d broken messages (%v JSON), %v", rows, broken, kinds, err)
	}
}
