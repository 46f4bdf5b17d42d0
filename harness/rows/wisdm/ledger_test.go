package wisdm

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func rowsOf(t *testing.T, n int64) ([]Row, *Ledger) {
	t.Helper()
	input := Generator{Seed: 1, Rows: n}
	ledger, err := ReadLedger(t.Context(), input, DefaultBase, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	if err := ledger.Each(t.Context(), func(r Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if ledger.Count() != n || int64(len(rows)) != n {
		t.Fatalf("%d rows, read again %d, want %d", ledger.Count(), len(rows), n)
	}
	return rows, ledger
}

func tallyOf(rows []Row) *Tally {
	t := NewTally()
	for _, r := range rows {
		t.Add(r)
	}
	return t
}

func TestLedgerTakesAnyOrder(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	slices.Reverse(rows)
	if differ := ledger.Differing(tallyOf(rows)); len(differ) > 0 {
		t.Errorf("the rows themselves differ: %v", differ)
	}
}

// TestLedgerFindsEachChange makes one change at a time, and wants just the groups
// that it touches to be named.
func TestLedgerFindsEachChange(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	slices.SortStableFunc(rows, func(a, b Row) int { return compareGroups(a.Group(), b.Group()) })
	a, b := 700, 2100 // of two groups
	if rows[a].Group() == rows[b].Group() {
		t.Fatal("both rows are of one group")
	}
	ulp := func(v float64) float64 { return math.Nextafter(v, 1e9) }
	cases := map[string]struct {
		harm func([]Row) []Row
		both bool // groups
	}{
		"a lost row":            {func(r []Row) []Row { return slices.Delete(r, a, a+1) }, false},
		"a doubled row":         {func(r []Row) []Row { return append(r, r[a]) }, false},
		"one lost, one doubled": {func(r []Row) []Row { r[a] = r[a+1]; return r }, false},
		"x, by its last bit":    {func(r []Row) []Row { r[a].X = ulp(r[a].X); return r }, false},
		"y":                     {func(r []Row) []Row { r[a].Y = ulp(r[a].Y); return r }, false},
		"z":                     {func(r []Row) []Row { r[a].Z = ulp(r[a].Z); return r }, false},
		"ts":                    {func(r []Row) []Row { r[a].TS++; return r }, false},
		"seq":                   {func(r []Row) []Row { r[a].Seq++; return r }, false},
		"event time":            {func(r []Row) []Row { r[a].Time = r[a].Time.Add(1e6); return r }, false},
		"values swapped in a group": {func(r []Row) []Row {
			r[a].X, r[a+1].X = r[a+1].X, r[a].X
			return r
		}, false},
		"values swapped between groups": {func(r []Row) []Row { r[a].X, r[b].X = r[b].X, r[a].X; return r }, true},
		"rows in each other's groups": {func(r []Row) []Row {
			r[a].Activity, r[b].Activity = r[b].Activity, r[a].Activity
			r[a].Subject, r[b].Subject = r[b].Subject, r[a].Subject
			r[a].Device, r[b].Device = r[b].Device, r[a].Device
			r[a].Sensor, r[b].Sensor = r[b].Sensor, r[a].Sensor
			return r
		}, true},
	}
	if rows[a].Group() != rows[a+1].Group() || rows[a].X == rows[a+1].X {
		t.Fatal("the next row can't be swapped with this one")
	}
	for name, c := range cases {
		want := []Group{rows[a].Group()}
		if c.both {
			want = append(want, rows[b].Group())
		}
		slices.SortFunc(want, compareGroups)
		tally := tallyOf(c.harm(slices.Clone(rows)))
		if differ := ledger.Differing(tally); !slices.Equal(differ, want) {
			t.Errorf("%s: groups %v differ, want %v", name, differ, want)
		}
		mixed := ledger.DifferingBy(nil, func(g Group, want Sum) bool {
			got := tally.groups[g]
			return got != nil && got.Rows == want.Rows && got.Mix == want.Mix
		})
		// A change of the last bit is below what the mix looks at.
		if !slices.Equal(mixed, want) && !slices.Contains([]string{"x, by its last bit", "y", "z"}, name) {
			t.Errorf("%s: by their mix groups %v differ, want %v", name, mixed, want)
		}
	}
}

func TestLedgerNamesUnexpectedGroups(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	extra := rows[0]
	extra.Activity = "N"
	if differ := ledger.Differing(tallyOf(append(rows, extra))); len(differ) != 1 || differ[0] != extra.Group() {
		t.Errorf("groups %v differ, want %v", differ, extra.Group())
	}
	if name := extra.Group().String(); name != "activity N of subject 1600, phone accel" {
		t.Error(name)
	}
}

// TestSumsAreTheOracles compares what a ledger says of a group with what an
// oracle says, which keeps all rows.
func TestSumsAreTheOracles(t *testing.T) {
	_, ledger := rowsOf(t, 3000)
	oracle, err := ReadOracle(Generator{Seed: 1, Rows: 3000}, DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	summaries := oracle.Group(func(r Row) string { return r.Group().String() })
	if len(summaries) != len(ledger.Groups()) {
		t.Fatalf("%d groups, want %d", len(ledger.Groups()), len(summaries))
	}
	for group, sum := range ledger.Groups() {
		want := summaries[group.String()]
		if sum.Rows != want.Count || !sum.First.Equal(want.First) || !sum.Last.Equal(want.Last) {
			t.Errorf("%s: %+v, want %+v", group, sum, want)
		}
		for i, stat := range []Stat{want.X, want.Y, want.Z} {
			if got := sum.Stats()[i]; got.Min != stat.Min || got.Max != stat.Max || got.Mean != stat.Mean {
				t.Errorf("%s: %v %v %v, want %v %v %v", group, got.Min, got.Max, got.Mean, stat.Min, stat.Max, stat.Mean)
			}
		}
	}
}

func TestLedgersRowsOfSomeGroups(t *testing.T) {
	rows, ledger := rowsOf(t, 3000)
	groups := []Group{rows[500].Group(), rows[2500].Group()}
	var of []Row
	for _, r := range rows {
		if slices.Contains(groups, r.Group()) {
			of = append(of, r)
		}
	}
	set, err := ledger.RowsOf(t.Context(), groups)
	if err != nil || set.Count() != int64(len(of)) {
		t.Fatalf("%d rows, %v; want %d", set.Count(), err, len(of))
	}
	if diff := set.Compare(of, CompareOptions{Ordered: true}); diff != nil {
		t.Error(diff)
	}
	harmed := slices.Clone(of)
	harmed[3].Y = 0
	diff := set.Compare(append(harmed[:1], harmed[2:]...), CompareOptions{})
	if diff == nil || diff.Missing != 1 || diff.Changed != 1 || diff.Unexpected != 0 {
		t.Errorf("difference %v, want one missing and one changed", diff)
	}
	before := rows[slices.Index(rows, of[0])-1] // of the same stream, if of another group
	if diff := set.Compare(append(slices.Clone(of), before), CompareOptions{}); diff == nil || diff.Unexpected != 1 {
		t.Errorf("difference %v, want a row of another group to be unexpected", diff)
	}
	if batch := ledger.Batch(groups, 1); len(batch) != 1 {
		t.Errorf("a batch of %d groups, want one at least and at most", len(batch))
	}
	if batch := ledger.Batch(groups, 1000); len(batch) != 2 {
		t.Errorf("a batch of %d groups, want both", len(batch))
	}
}

func TestReadLedgerErrors(t *testing.T) {
	for name, c := range map[string]struct {
		input Input
		max   int64
		want  string
	}{
		"none":     {&given{}, 0, "holds no row"},
		"negative": {&given{}, -1, "at most -1"},
		"broken":   {&given{err: errors.New("bad line")}, 0, "bad line"},
	} {
		if _, err := ReadLedger(t.Context(), c.input, DefaultBase, c.max, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadLedger(ctx, FullSize(), DefaultBase, 0, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	some, err := ReadLedger(t.Context(), Generator{Seed: 1, Rows: 100}, DefaultBase, 7, nil)
	if err != nil || some.Count() != 7 {
		t.Errorf("%d rows, %v; want 7", some.Count(), err)
	}
}

func TestFingerprintOfZero(t *testing.T) {
	a, b := watchRow(1600, "A", 1, 0), watchRow(1600, "A", 1, math.Copysign(0, -1))
	if a.Print() != b.Print() {
		t.Error("0 and -0, which are equal, don't have the same fingerprint")
	}
	most := Fingerprint{math.MaxUint64, math.MaxUint64}
	if got := most.Plus(Fingerprint{0, 1}); got != (Fingerprint{}) {
		t.Errorf("2^128-1 and 1 is %v, want 0", got)
	}
	if got := (Fingerprint{1, math.MaxUint64}).Plus(Fingerprint{0, 1}).String(); got != "00000000000000020000000000000000" {
		t.Errorf("the carry is lost: %s", got)
	}
	if cutLong(1e300) != math.MaxInt64 || cutLong(-1e300) != math.MinInt64 || cutLong(-1.5) != -15e11 {
		t.Error("numbers aren't cut as Java cuts them")
	}
}
