package wisdm

import (
	"slices"
	"testing"
	"time"
)

func TestParseDelay(t *testing.T) {
	for text, want := range map[string]Delay{"2%/10s": {0.02, 10 * time.Second}, "0.5%/1m": {0.005, time.Minute}, "100%/1ms": {1, time.Millisecond}} {
		if got, err := ParseDelay(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "2", "2%", "2%/", "2%/0s", "2%/-1s", "101%/1s", "-1%/1s", "NaN%/1s", "2/10s", "2%/10"} {
		if got, err := ParseDelay(text); err == nil {
			t.Errorf("%q is %v, want an error", text, got)
		}
	}
}

func TestWithDelay(t *testing.T) {
	input := Generator{Seed: 1, Subjects: 2, Rows: 20_000}
	const by = 2 * time.Second
	late := func(seed uint64) *Oracle {
		o, err := ReadOracle(WithDelay(input, Delay{0.02, by}, seed), DefaultBase, 0)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	o, all := late(1), generate(t, input)
	var latest time.Time
	var behind int
	for _, r := range o.Rows() {
		if lag := latest.Sub(r.Time); lag > 0 {
			behind++
			if lag < by-100*time.Millisecond && r.Time.Before(all[len(all)-1].Time.Add(-by)) || lag > by+100*time.Millisecond {
				t.Fatalf("%s comes %v late, want %v", r.ID(), lag, by)
			}
		} else {
			latest = r.Time
		}
	}
	if behind < 300 || behind > 500 {
		t.Errorf("%d rows of 20,000 are late, want about 400", behind)
	}
	if !slices.Equal(o.Rows(), late(1).Rows()) || slices.Equal(o.Rows(), late(2).Rows()) {
		t.Error("which rows are late isn't the seed's doing")
	}
	if diff := o.Compare(all, CompareOptions{}); diff != nil {
		t.Errorf("other rows come: %v", diff)
	}
}

// TestTrackOfLateRows: they are neither missing nor again, wherever they come.
func TestTrackOfLateRows(t *testing.T) {
	o, err := ReadOracle(WithDelay(Generator{Seed: 1, Rows: 3000}, Delay{0.1, time.Second}, 1), DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	lost := slices.IndexFunc(o.Rows(), func(r Row) bool { return r.Seq == 5 })
	for name, rows := range map[string][]Row{"": o.Rows(), "1 missing": slices.Delete(slices.Clone(o.Rows()), lost, lost+1)} {
		track := o.Track()
		for _, r := range rows {
			track.Add(r)
		}
		diff, err := track.Check(t.Context())
		if err != nil || track.Again() > 0 || (diff == nil) != (name == "") || diff != nil && diff.Missing != 1 {
			t.Errorf("%s: %v, %v, %d came again", name, diff, err, track.Again())
		}
	}
}

func TestWindows(t *testing.T) {
	row := func(at time.Duration) Row { return Row{Activity: "A", Time: DefaultBase.Add(at)} }
	rows := []Row{row(0), row(14_998 * time.Millisecond), row(1), row(14_999 * time.Millisecond), row(2), row(10 * time.Second)}
	w := Windows{Size: 10 * time.Second, Delay: 5 * time.Second}
	counts, late := w.Count(rows, ByActivity)
	first, second := Window{DefaultBase, "A"}, Window{DefaultBase.Add(10 * time.Second), "A"}
	if len(late) != 1 || late[0] != rows[4] || counts[first] != 2 || counts[second] != 3 || len(counts) != 2 {
		t.Errorf("%v, late %v", counts, late)
	}
}

// TestLateRowsAreFound: more rows are late at a time than a Track keeps repeats, or the
// reading ends before late rows come.
func TestLateRowsAreFound(t *testing.T) {
	for _, c := range []struct {
		in  Input
		max int64
	}{
		{WithDelay(Generator{Seed: 1, Rows: 2*maxRepeats + 50_000, Subjects: 1}, Delay{0.6, 100 * time.Hour}, 1), 0},
		{WithDelay(Generator{Seed: 1, Rows: 5000}, Delay{0.1, 10 * time.Second}, 1), 2000},
	} {
		ledger, err := ReadLedger(t.Context(), c.in, DefaultBase, c.max, nil)
		if err != nil {
			t.Fatal(err)
		}
		track, lossy, n := ledger.Track(), ledger.Track(), 0
		if err := ledger.Each(t.Context(), func(r Row) error {
			track.Add(r)
			if n++; n%1000 != 0 {
				lossy.Add(r)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if diff, err := track.Check(t.Context()); diff != nil || err != nil || track.Again() != 0 {
			t.Errorf("%d rows: %v, %v; %d came again", n, diff, err, track.Again())
		}
		if diff, err := lossy.Check(t.Context()); diff == nil || err != nil || diff.Missing < int64(n/1000) {
			t.Errorf("%d rows without one of 1000: %v, %v", n, diff, err)
		}
	}
}

// TestWindowsBegin at multiples of their size since 1970, also where a day has no whole
// number of them.
func TestWindowsBegin(t *testing.T) {
	at := time.UnixMilli(7_000*1000 + 6_999).UTC()
	counts, _ := Windows{Size: 7 * time.Second}.Count([]Row{{Time: at}}, func(Row) string { return "" })
	if want := (Window{Start: time.Unix(7000, 0).UTC()}); counts[want] != 1 {
		t.Errorf("counts %v, want one in %v", counts, want)
	}
}
