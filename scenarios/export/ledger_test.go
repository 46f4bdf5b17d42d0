package export

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// TestEachHopWithoutAnOracle is TestEachHop in the way of millions of rows.
func TestEachHopWithoutAnOracle(t *testing.T) {
	p := need(t)
	input, oracle := scenario.Rows(t, 6, rows)
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Ledger: ledgerOf(t, input), Base: wisdm.DefaultBase, QoS: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 4 {
		t.Fatalf("%d hops, want 4: %v", len(results), results)
	}
	for _, r := range results {
		scenario.Passed(t, r)
		if r.Actual != oracle.Count() || r.Took <= 0 {
			t.Errorf("%+v", r)
		}
	}
}

func ledgerOf(t *testing.T, input wisdm.Input) *wisdm.Ledger {
	t.Helper()
	ledger, err := wisdm.ReadLedger(t.Context(), input, wisdm.DefaultBase, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ledger
}

// other is an input whose rows aren't quite those of another one.
type other struct {
	wisdm.Input
	harm func([]wisdm.Row) []wisdm.Row
}

type list struct{ rows []wisdm.Row }

func (l *list) Read() (wisdm.Row, error) {
	if len(l.rows) == 0 {
		return wisdm.Row{}, io.EOF
	}
	row := l.rows[0]
	l.rows = l.rows[1:]
	return row, nil
}

func (o other) Open() (wisdm.Source, error) {
	src, err := o.Input.Open()
	if err != nil {
		return nil, err
	}
	var rows []wisdm.Row
	for {
		row, err := src.Read()
		if errors.Is(err, io.EOF) {
			return &list{o.harm(rows)}, nil
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// TestEachHopNamesTheRow compares right hops with ledgers in which one row differs:
// each hop that can be read again names that row, and its group.
func TestEachHopNamesTheRow(t *testing.T) {
	p := need(t)
	input, oracle := scenario.Rows(t, 7, rows)
	scenario.Fill(t, p, input, oracle.Count())
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	export(t, p, solution(t, p, "", ""), oracle.Count(), oracle.Count())
	tables, err := p.Tables()
	if err != nil {
		t.Fatal(err)
	}
	look := map[string]func(*wisdm.Ledger) hop.Result{
		hop.Kafka: func(l *wisdm.Ledger) hop.Result { return p.KafkaProbe().Check(t.Context(), l) },
		hop.Flink: func(l *wisdm.Ledger) hop.Result {
			return probe.Flink{Client: p.Flink(), Tables: tables, Table: p.Names.Table}.Check(t.Context(), l)
		},
		hop.Elasticsearch: func(l *wisdm.Ledger) hop.Result { return elastic(t, p).Check(t.Context(), l) },
	}
	const at = 1234
	row := oracle.Rows()[at]
	last := oracle.Rows()[rows-1] // whose absence moves no other row's seq
	cases := []struct {
		name string
		harm func([]wisdm.Row) []wisdm.Row
		want []string
	}{
		{"nothing", func(r []wisdm.Row) []wisdm.Row { return r }, nil},
		{"a changed value", func(r []wisdm.Row) []wisdm.Row { r[at].Y += 0.25; return r }, []string{row.Group().String(), row.ID() + ": y is "}},
		{"swapped values", func(r []wisdm.Row) []wisdm.Row { r[at].X, r[at-1].X = r[at-1].X, r[at].X; return r }, []string{row.Group().String(), row.ID() + ": x is "}},
		{"one more", func(r []wisdm.Row) []wisdm.Row { return r[:rows-1] }, []string{last.Group().String(), last.ID(), "1 unexpected"}},
		{"one less", func(r []wisdm.Row) []wisdm.Row { return append(r, r[rows-1]) }, []string{last.Group().String(), "1 missing"}},
		{"another activity", func(r []wisdm.Row) []wisdm.Row {
			r[rows-1].Activity = "N"
			return slices.Clone(r)
		}, []string{"activity N", last.ID() + `: activity is "S", want "N"`}},
	}
	for _, c := range cases {
		ledger := ledgerOf(t, other{input, c.harm})
		for name, check := range look {
			t.Run(c.name+" in "+name, func(t *testing.T) {
				result := check(ledger)
				if c.want == nil {
					scenario.Passed(t, result)
					return
				}
				for _, want := range c.want {
					if result.Outcome != hop.Failed || !strings.Contains(result.Detail, want) {
						t.Errorf("want %q: %+v", want, result)
					}
				}
			})
		}
	}
}
