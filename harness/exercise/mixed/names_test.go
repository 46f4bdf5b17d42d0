package mixed

import (
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// TestNames: one activity is renamed in the middle of its rows, one has no name until
// then, the others have one name for all rows.
func TestNames(t *testing.T) {
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: 4000, Subjects: 2}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	names := Names(oracle.Rows())
	seen := map[string]map[string]int{}
	for _, r := range oracle.Rows() {
		if seen[r.Activity] == nil {
			seen[r.Activity] = map[string]int{}
		}
		seen[r.Activity][NameAt(names, r.Activity, r.Time)]++
	}
	renamed, late := 0, 0
	for code, by := range seen {
		switch {
		case by[""] > 0 && len(by) == 2:
			late++
		case by["new "+code] > 0 && len(by) == 2:
			renamed++
		case len(by) != 1 || by["activity "+code] == 0:
			t.Errorf("%s is called %v", code, by)
		}
	}
	if renamed != 1 || late != 1 || len(names) != len(seen)+1 {
		t.Errorf("%d activities are renamed, %d late, of %v", renamed, late, seen)
	}
	for i := range names[1:] {
		if names[i+1].Since.Before(names[i].Since) {
			t.Errorf("%v comes after %v", names[i+1], names[i])
		}
	}
	if got := NameAt(names, names[0].Code, time.Time{}); got != "" {
		t.Errorf("before all names: %q", got)
	}
}
