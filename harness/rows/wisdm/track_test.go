package wisdm

import (
	"slices"
	"strings"
	"testing"
)

func TestTrack(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	at := 700
	cases := map[string]struct {
		harm   func([]Row) []Row
		want   string // of the difference; "" for none
		again  int64
		differ bool
	}{
		"all": {func(r []Row) []Row { return r }, "", 0, false},
		"some again, as after a reconnection": {func(r []Row) []Row {
			return slices.Insert(r, at, r[at-40:at]...)
		}, "", 40, false},
		"a lost row":    {func(r []Row) []Row { return slices.Delete(r, at, at+1) }, "1 missing", 0, true},
		"three lost":    {func(r []Row) []Row { return slices.Delete(r, at, at+3) }, " to ", 0, true},
		"the last lost": {func(r []Row) []Row { return r[:len(r)-1] }, "1 missing", 0, true},
		"a changed row": {func(r []Row) []Row { r[at].X++; return r }, "", 0, true},
		"again, but changed": {func(r []Row) []Row {
			changed := r[at]
			changed.X++
			return slices.Insert(r, at+3, changed)
		}, "when it came again", 1, false},
		"again, and only the first time changed": {func(r []Row) []Row {
			changed := r[at]
			changed.X++
			return slices.Insert(r, at+3, changed, r[at])
		}, "when it came again", 2, false},
		"two in the other order": {func(r []Row) []Row { r[at], r[at+1] = r[at+1], r[at]; return r }, "1 missing", 1, true},
		"one lost, one again":    {func(r []Row) []Row { r[at+1] = r[at]; return r }, "1 missing", 1, true},
	}
	for name, c := range cases {
		track := ledger.Track()
		for _, r := range c.harm(slices.Clone(rows)) {
			track.Add(r)
		}
		diff, err := track.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "" && diff != nil || c.want != "" && (diff == nil || !strings.Contains(diff.Error(), c.want)) {
			t.Errorf("%s: difference %v, want %q", name, diff, c.want)
		}
		if track.Again() != c.again {
			t.Errorf("%s: %d came again, want %d", name, track.Again(), c.again)
		}
		if differ := ledger.Differing(&track.Tally); len(differ) > 0 != c.differ {
			t.Errorf("%s: groups %v differ", name, differ)
		}
	}
}

// TestTrackSeesStreamsOutOfOrder: the first row of a later device comes too early.
func TestTrackSeesStreamsOutOfOrder(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	later := slices.IndexFunc(rows, func(r Row) bool { return r.Subject == rows[10].Subject && r.Stream() != rows[10].Stream() })
	moved := slices.Insert(slices.Delete(slices.Clone(rows), later, later+1), 10, rows[later])
	track := ledger.Track()
	for _, r := range moved {
		track.Add(r)
	}
	diff, err := track.Check(t.Context())
	if err != nil || diff == nil || diff.OutOfOrder == 0 {
		t.Errorf("difference %v, %v; want rows out of order", diff, err)
	}
}

func TestTrackRemembersSoManyRepeats(t *testing.T) {
	rows, ledger := rowsOf(t, maxRepeats+2)
	track := ledger.Track()
	for range 2 {
		for _, r := range rows {
			track.Add(r)
		}
	}
	if _, err := track.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "2 of them") {
		t.Errorf("more repeats than are remembered: %v", err)
	}
	if len(track.repeats) != maxRepeats {
		t.Errorf("%d repeats are remembered, want %d", len(track.repeats), maxRepeats)
	}
}
