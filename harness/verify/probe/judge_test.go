package probe

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

func ledger(t *testing.T, n int64) ([]wisdm.Row, *wisdm.Ledger) {
	t.Helper()
	l, err := wisdm.ReadLedger(t.Context(), wisdm.Generator{Seed: 1, Rows: n}, wisdm.DefaultBase, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return oracle(t, n).Rows(), l
}

func TestTracked(t *testing.T) {
	rows, l := ledger(t, 3000)
	const at = 700
	after := at + 1 + slices.IndexFunc(rows[at+1:], func(r wisdm.Row) bool { return r.Subject == rows[at].Subject })
	name := rows[at].Group().String()
	broken := func(context.Context, map[wisdm.Group]bool) ([]wisdm.Row, error) { return nil, errors.New("no answer") }
	cases := []struct {
		name   string
		harm   func([]wisdm.Row) []wisdm.Row
		again  bool // the hop can be read again
		want   hop.Outcome
		detail []string
		actual int64
	}{
		{"all", func(r []wisdm.Row) []wisdm.Row { return r }, true, hop.Passed, nil, 3000},
		{"repeats", func(r []wisdm.Row) []wisdm.Row { return slices.Insert(r, at, r[at-5:at]...) }, true, hop.Passed, []string{"5 rows came twice"}, 3000},
		{"lost", func(r []wisdm.Row) []wisdm.Row { return slices.Delete(r, at, at+1) }, true, hop.Failed, []string{name, "1 missing", rows[at].ID()}, 2999},
		{"lost, not kept", func(r []wisdm.Row) []wisdm.Row { return slices.Delete(r, at, at+1) }, false, hop.Failed, []string{name, "1 missing", rows[at].ID()}, 2999},
		{"changed", func(r []wisdm.Row) []wisdm.Row { r[at].X = 99; return r }, true, hop.Failed, []string{name, rows[at].ID() + ": x is 99"}, 3000},
		{"changed, not kept", func(r []wisdm.Row) []wisdm.Row { r[at].X = 99; return r }, false, hop.Failed, []string{name, "not the same"}, 3000},
		{"in the other order", func(r []wisdm.Row) []wisdm.Row { r[at], r[after] = r[after], r[at]; return r }, true, hop.Failed, []string{"out of order"}, 3000},
	}
	for _, c := range cases {
		harmed := c.harm(slices.Clone(rows))
		track := l.Track()
		for _, r := range harmed {
			track.Add(r)
		}
		var again reread
		if c.again {
			again = rereadMemory(harmed)
		}
		r := tracked(t.Context(), hop.Kafka, l, track, again, nil)
		if r.Outcome != c.want || r.Actual != c.actual || r.Expected != 3000 || r.Hop != hop.Kafka {
			t.Errorf("%s: %+v", c.name, r)
		}
		for _, want := range c.detail {
			if !strings.Contains(r.Detail, want) {
				t.Errorf("%s: detail lacks %q:\n%s", c.name, want, r.Detail)
			}
		}
		if c.want == hop.Passed && c.detail == nil && r.Detail != "" {
			t.Errorf("%s: %s", c.name, r.Detail)
		}
	}
	track := l.Track()
	if r := tracked(t.Context(), hop.Kafka, l, track, broken, nil); r.Outcome != hop.Error || !strings.Contains(r.Detail, "no answer") {
		t.Errorf("a hop that can't be read again: %+v", r)
	}
	track = l.Track()
	for _, row := range rows {
		track.Add(row)
	}
	if r := tracked(t.Context(), hop.Kafka, l, track, broken, []string{"key is wrong"}); r.Outcome != hop.Failed || r.Detail != "key is wrong" {
		t.Errorf("what the probe has seen wrong: %+v", r)
	}
}

// TestSettleGoesOnToTheGroupThatIsWrong: groups with repeats, which are right,
// must not hide a later one that isn't, and each batch holds few rows.
func TestSettleGoesOnToTheGroupThatIsWrong(t *testing.T) {
	rows, l := ledger(t, 3000)
	harmed := append(slices.Clone(rows), rows[:2500]...) // as a topic that was written twice, nearly
	harmed[2990].Z = 0
	tally := wisdm.NewTally()
	for _, r := range harmed {
		tally.Add(r)
	}
	s := settled{
		name: hop.Flink, ledger: l, differ: l.Differing(tally), say: saySums(l, tally), reread: rereadMemory(harmed),
		options: wisdm.CompareOptions{AllowRepeats: true}, most: 100,
	}
	r := s.settle(t.Context())
	if r.Outcome != hop.Failed || !strings.Contains(r.Detail, rows[2990].ID()+": z is 0") || !strings.Contains(r.Detail, "and ") {
		t.Errorf("%+v", r)
	}
	s.options, s.most = wisdm.CompareOptions{}, 0
	if r := s.settle(t.Context()); !strings.Contains(r.Detail, "2500 repeated") {
		t.Errorf("repeats where none are allowed: %+v", r)
	}
	s.reread = rereadMemory(rows)
	if r := s.settle(t.Context()); r.Outcome != hop.Failed || !strings.Contains(r.Detail, "changed in between") {
		t.Errorf("a hop that is right the second time: %+v", r)
	}
}

func TestFlinksMixIsWrittenAsSQL(t *testing.T) {
	text := Flink{Table: "lana"}.sumSQL()
	for _, want := range []string{"FROM `lana`", "seq * 2611923443488327891 + ts * ", "AS BIGINT) AS wz", "SUM(a * c)"} {
		if !strings.Contains(text, want) {
			t.Errorf("the query lacks %q:\n%s", want, text)
		}
	}
	if got := quoteSQL("it's"); got != "'it''s'" {
		t.Error(got)
	}
}
