package wisdm

import (
	"slices"
	"strings"
	"testing"
)

func TestTrack(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	at := 700
	next := func(r []Row, i int) int { // of the same stream
		return i + 1 + slices.IndexFunc(r[i+1:], func(other Row) bool { return other.Stream() == r[i].Stream() })
	}
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
		"a lost row": {func(r []Row) []Row { return slices.Delete(r, at, at+1) }, "1 missing", 0, true},
		"three lost": {func(r []Row) []Row {
			second := next(r, at)
			third := next(r, second)
			return slices.Delete(slices.Delete(slices.Delete(r, third, third+1), second, second+1), at, at+1)
		}, " to ", 0, true},
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
		"two in the other order": {func(r []Row) []Row { i := next(r, at); r[at], r[i] = r[i], r[at]; return r }, "1 missing", 1, true},
		"one lost, one again":    {func(r []Row) []Row { r[next(r, at)] = r[at]; return r }, "1 missing", 1, true},
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

// TestTrackSeesStreamsOutOfOrder: a row of another device of the subject comes too early.
func TestTrackSeesStreamsOutOfOrder(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	later := slices.IndexFunc(rows, func(r Row) bool {
		return r.Subject == rows[10].Subject && r.Stream() != rows[10].Stream() && r.Time.After(rows[10].Time)
	})
	moved := slices.Insert(slices.Delete(slices.Clone(rows), later, later+1), 10, rows[later])
	for _, inOrder := range []bool{true, false} {
		ledger.inOrder = inOrder
		track := ledger.Track()
		for _, r := range moved {
			track.Add(r)
		}
		diff, err := track.Check(t.Context())
		if err != nil || (diff != nil && diff.OutOfOrder > 0) != inOrder {
			t.Errorf("in order %v: difference %v, %v", inOrder, diff, err)
		}
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
