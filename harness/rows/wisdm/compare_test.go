package wisdm

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCompareEqual(t *testing.T) {
	o := sampleOracle(t)
	rows := slices.Clone(o.Rows())
	if d := o.Compare(rows, CompareOptions{Ordered: true}); d != nil {
		t.Errorf("the same rows: %v", d)
	}
	// Subjects may overtake each other, as on two partitions.
	slices.SortStableFunc(rows, func(a, b Row) int { return b.Subject - a.Subject })
	if d := o.Compare(rows, CompareOptions{Ordered: true}); d != nil {
		t.Errorf("another order of subjects: %v", d)
	}
	rows[0].Time = rows[0].Time.Add(999 * time.Microsecond).In(time.FixedZone("", 3600))
	if d := o.Compare(rows, CompareOptions{}); d != nil {
		t.Errorf("the same millisecond in another zone: %v", d)
	}
}

// counts are those of a Difference, in its order.
type counts [5]int64

func TestCompareDifferences(t *testing.T) {
	cases := []struct {
		name   string
		change func([]Row) []Row
		opt    CompareOptions
		want   counts
		text   string
	}{
		{"nothing came", func([]Row) []Row { return nil }, CompareOptions{}, counts{6}, "expected 6 rows, got 0: 6 missing\n"},
		{"one is missing", func(r []Row) []Row { return slices.Delete(r, 1, 2) }, CompareOptions{}, counts{1},
			"expected 6 rows, got 5: 1 missing\n  missing:\n    1600_watch_accel_2: activity A, ts 150000000, x 2, y 0, z 0, event time 2023-11-14T22:13:20.050Z"},
		{"one too many", func(r []Row) []Row { r[0].Seq = 7; return append(r, sampleFirst) }, CompareOptions{}, counts{0, 1},
			"expected 6 rows, got 7: 1 unexpected\n  unexpected:\n    1600_watch_accel_7: activity A, ts 100000000, x 1,"},
		{"another device", func(r []Row) []Row { r[0].Device = "phone"; return r }, CompareOptions{}, counts{1, 1}, "1600_phone_accel_1: "},
		{"another sensor", func(r []Row) []Row { r[0].Sensor = "gyro"; return r }, CompareOptions{}, counts{1, 1}, "1600_watch_gyro_1: "},
		{"no seq", func(r []Row) []Row { r[0].Seq = 0; return r }, CompareOptions{}, counts{1, 1}, "1600_watch_accel_0: "},
		{"one twice", func(r []Row) []Row { return append(r, r[5]) }, CompareOptions{}, counts{0, 0, 1},
			"expected 6 rows, got 7: 1 repeated\n  repeated:\n    1600_watch_accel_4: "},
		{"one twice, allowed", func(r []Row) []Row { return append(r, r[0]) }, CompareOptions{AllowRepeats: true, Ordered: true}, counts{}, ""},
		{"a repeat hides no gap", func(r []Row) []Row { r[1] = r[0]; return r }, CompareOptions{AllowRepeats: true}, counts{1}, "1 missing"},
		{"a repeat that differs", func(r []Row) []Row { r = append(r, r[0]); r[6].X = 8; return r }, CompareOptions{AllowRepeats: true}, counts{0, 0, 0, 1}, "x is 8, want 1"},
		{"activity", func(r []Row) []Row { r[0].Activity = "C"; return r }, CompareOptions{}, counts{0, 0, 0, 1}, `1600_watch_accel_1: activity is "C", want "A"`},
		{"ts", func(r []Row) []Row { r[0].TS++; return r }, CompareOptions{}, counts{0, 0, 0, 1}, ": ts is 100000001, want 100000000"},
		{"x", func(r []Row) []Row { r[0].X = 1.0000000000000002; return r }, CompareOptions{}, counts{0, 0, 0, 1}, ": x is 1.0000000000000002, want 1"},
		{"y and z", func(r []Row) []Row { r[0].Y, r[0].Z = 1, 2; return r }, CompareOptions{}, counts{0, 0, 0, 1}, ": y is 1, want 0; z is 2, want 0"},
		{"time", func(r []Row) []Row { r[0].Time = r[0].Time.Add(time.Millisecond); return r }, CompareOptions{}, counts{0, 0, 0, 1},
			": event time is 2023-11-14T22:13:20.001Z, want 2023-11-14T22:13:20.000Z"},
		{"swapped", swap, CompareOptions{Ordered: true}, counts{0, 0, 0, 0, 1},
			"1 out of order\n  out of order:\n    1600_watch_accel_1 came after 1600_watch_accel_2, want it before"},
		{"swapped, allowed", swap, CompareOptions{}, counts{}, ""},
		{"swapped across sessions", func(r []Row) []Row { r[0], r[5] = r[5], r[0]; return r }, CompareOptions{Ordered: true}, counts{0, 0, 0, 0, 3}, "3 out of order"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkDifference(t, c.change, c.opt, c.want, c.text) })
	}
}

var sampleFirst = Row{Subject: 1600, Activity: "A", TS: 100e6, X: 1, Device: "watch", Sensor: "accel", Seq: 1, Time: DefaultBase}

func swap(r []Row) []Row { r[0], r[1] = r[1], r[0]; return r }

func checkDifference(t *testing.T, change func([]Row) []Row, opt CompareOptions, want counts, text string) {
	t.Helper()
	o := sampleOracle(t)
	d := o.Compare(change(slices.Clone(o.Rows())), opt)
	if d == nil {
		if want != (counts{}) {
			t.Errorf("no difference, want %v", want)
		}
		return
	}
	if got := (counts{d.Missing, d.Unexpected, d.Repeated, d.Changed, d.OutOfOrder}); got != want {
		t.Errorf("missing, unexpected, repeated, changed, out of order: %v, want %v", got, want)
	}
	if !strings.Contains(d.Error(), text) || want == (counts{}) {
		t.Errorf("it says:\n%v\nwant:\n%s", d, text)
	}
}

func TestDifferenceIsCutShort(t *testing.T) {
	o, err := ReadOracle(Generator{Seed: 1, Rows: 3000}, DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := o.Compare(nil, CompareOptions{}).Error()
	if lines := strings.Count(text, "\n"); lines != 1+maxExamples+1 || !strings.HasSuffix(text, "\n    and 2995 more") {
		t.Errorf("%d lines:\n%s", lines, text)
	}
	if first := fmt.Sprintf("    %s: activity A,", o.Rows()[0].ID()); !strings.Contains(text, first) {
		t.Errorf("%s\ndoesn't show the first row, %s", text, first)
	}
}
