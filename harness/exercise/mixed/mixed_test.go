package mixed

import (
	"encoding/json"
	"testing"

	"hoplab.example/harness/rows/wisdm"
)

// TestMessages: each row is there, in the form of its device's publisher, and no broken
// message is a row.
func TestMessages(t *testing.T) {
	rows, broken, kinds := 0, 0, map[bool]int{}
	err := Messages(wisdm.Generator{Seed: 1, Rows: 3000}, 1, func(r wisdm.Row, message []byte, spoiled bool) error {
		var fields map[string]any
		err := json.Unmarshal(message, &fields)
		_, isNumber := fields["x"].(float64)
		whole := err == nil && fields["usid"] != nil && isNumber && fields["z"] != nil
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
	if err != nil || rows != 3000 || broken != 30 || kinds[true] == 0 || kinds[false] == 0 {
		t.Errorf("%d rows, %d broken messages (%v JSON), %v", rows, broken, kinds, err)
	}
}
