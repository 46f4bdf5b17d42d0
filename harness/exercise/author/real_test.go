package author

import "testing"

// TestLabs lints the labs of this checkout.
func TestLabs(t *testing.T) {
	r := lint(t, open(t, "../../../labs"))
	for _, p := range r.Problems {
		t.Error(p)
	}
	if r.Labs == 0 || r.Checks < 10 {
		t.Errorf("only %s were looked at", r.Summary())
	}
}
