package wisdm

import (
	"slices"
	"strings"
	"testing"
)

func TestParseShare(t *testing.T) {
	for text, want := range map[string]Share{"1/1": {1, 1}, "2/3": {2, 3}} {
		if got, err := ParseShare(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2", "2/", "/3", "0/3", "4/3", "-1/3", "1/3/5", "1.5/3", "1/3x"} {
		if got, err := ParseShare(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

// TestWithShare: the shares together are the whole, row by row, and each subject is in
// one of them.
func TestWithShare(t *testing.T) {
	input := Generator{Seed: 3, Subjects: 7, Rows: 5000}
	all := generate(t, input)
	slices.SortFunc(all, func(a, b Row) int { return strings.Compare(a.ID(), b.ID()) })
	var together []Row
	of := map[int]int{}
	for part := 1; part <= 3; part++ {
		rows := generate(t, WithShare(input, Share{part, 3}))
		if len(rows) == 0 {
			t.Errorf("part %d has no row", part)
		}
		for _, r := range rows {
			if of[r.Subject] == 0 {
				of[r.Subject] = part
			}
			if of[r.Subject] != part {
				t.Fatalf("subject %d is in parts %d and %d", r.Subject, of[r.Subject], part)
			}
		}
		together = append(together, rows...)
	}
	slices.SortFunc(together, func(a, b Row) int { return strings.Compare(a.ID(), b.ID()) })
	if !slices.Equal(all, together) {
		t.Errorf("the parts have %d rows, which aren't the %d of the whole", len(together), len(all))
	}
}
