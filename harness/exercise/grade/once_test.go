package grade

import (
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestOnce: a row that came again fails the check, and isn't an error.
func TestOnce(t *testing.T) {
	for actual, want := range map[int64]hop.Outcome{10: hop.Passed, 11: hop.Failed, 20: hop.Failed} {
		if v := once(hop.Result{Outcome: hop.Passed, Expected: 10, Actual: 10}, actual); v.outcome != want {
			t.Errorf("%d of 10 rows: %+v, want %s", actual, v, want)
		}
	}
	if v := once(hop.Result{Outcome: hop.Error, Expected: 10, Actual: 10, Detail: "lost"}, 20); v.outcome != hop.Error || v.reason != "lost" {
		t.Errorf("an error: %+v", v)
	}
}
