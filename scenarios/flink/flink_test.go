// Package flink is the third lab step: the topic is a table, whose columns hold
// what the rows hold.
package flink

import (
	"errors"
	"strings"
	"testing"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

func TestMain(m *testing.M) { scenario.Main(m) }

const rows = 3000

var components = []string{"mosquitto", "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway"}

// filled returns a pipeline whose topic holds generated rows.
func filled(t *testing.T, seed uint64) (pipeline.Pipeline, *wisdm.Oracle) {
	t.Helper()
	p := scenario.Need(t, components...).Pipeline()
	input, oracle := scenario.Rows(t, seed, rows)
	scenario.Fill(t, p, input, oracle.Count())
	return p, oracle
}

func check(t *testing.T, p pipeline.Pipeline, tables []flink.Statement, oracle *wisdm.Oracle) hop.Result {
	t.Helper()
	return probe.Flink{Client: p.Flink(), Tables: tables, Table: p.Names.Table}.Check(t.Context(), oracle)
}

func tables(t *testing.T, p pipeline.Pipeline) []flink.Statement {
	t.Helper()
	statements, err := p.Tables()
	if err != nil {
		t.Fatal(err)
	}
	return statements
}

func TestTableHoldsEveryRow(t *testing.T) {
	p, oracle := filled(t, 1)
	scenario.Passed(t, check(t, p, tables(t, p), oracle))
}

// TestCheckCanFail makes the table wrongly, as students do; scenarios/traps has
// what the original lab did.
func TestCheckCanFail(t *testing.T) {
	p, oracle := filled(t, 2)
	cases := []struct{ name, old, new, want string }{
		{"swapped columns", "  y          DOUBLE,\n  z          DOUBLE", "  z          DOUBLE,\n  w          DOUBLE", "Column 'y' not found in any table"},
		{"only what comes from now on", "earliest-offset", "latest-offset", "no row"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			statements := tables(t, p)
			changed := strings.Replace(statements[0].Text, c.old, c.new, 1)
			if changed == statements[0].Text {
				t.Fatalf("the solution has no %q", c.old)
			}
			statements[0].Text = changed
			scenario.Fails(t, check(t, p, statements, oracle), c.want)
		})
	}
}

func TestWrongSQLIsNamed(t *testing.T) {
	p := scenario.Need(t, components...).Pipeline()
	statements, err := flink.Parse("work/tables.sql", "-- mine\nSELECT 1;\n\nSELECT *\nFROM nowhere;\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	session, err := p.Flink().OpenSession(t.Context(), pipeline.SessionConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(t.Context())
	_, err = session.RunAll(t.Context(), statements)
	var wrong *flink.SQLError
	if !errors.As(err, &wrong) || wrong.File != "work/tables.sql" || wrong.Line != 5 {
		t.Fatalf("error = %v, want a *flink.SQLError at work/tables.sql:5", err)
	}
	if !strings.Contains(wrong.Reason, "nowhere") || strings.Contains(wrong.Reason, "\tat ") {
		t.Errorf("reason = %q, want Flink's own without its stack", wrong.Reason)
	}
}
