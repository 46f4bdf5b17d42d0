package traps

import (
	"fmt"
	"testing"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// export runs statements that fill the index and end, and returns how many
// documents there are then, and what the index's check says.
func (over topic) export(t *testing.T, statements []flink.Statement) (int64, hop.Result) {
	t.Helper()
	scenario.NeedSink(t, over.Pipeline)
	if _, err := over.run(t, statements); err != nil {
		t.Fatal(err)
	}
	index, err := over.ElasticProbe()
	if err != nil {
		t.Fatal(err)
	}
	count, err := index.Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return count, index.Check(t.Context(), over.oracle)
}

func isText(t *testing.T, trap trap, over topic) {
	count, result := over.export(t, over.statements(t, trap.file))
	scenario.Fails(t, result, trap.words)
	if count != rows {
		t.Errorf("%d documents, want %d: only their time is wrong", count, rows)
	}
}

// leavesDuplicates has the template, so that nothing else is wrong.
func leavesDuplicates(t *testing.T, trap trap, over topic) {
	if err := over.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for run, want := range []struct {
		documents int64
		words     string
	}{{rows, trap.words}, {2 * rows, fmt.Sprintf("%d repeated", rows)}} {
		count, result := over.export(t, over.statements(t, trap.file))
		scenario.Fails(t, result, want.words)
		if count != want.documents {
			t.Errorf("%d documents after run %d, want %d", count, run+1, want.documents)
		}
	}
}

// solution returns the statements of labs 3 and 4, with a topic that ends where
// it does now.
func (over topic) solution(t *testing.T) (tables, export []flink.Statement) {
	t.Helper()
	tables, err := over.Tables()
	if err != nil {
		t.Fatal(err)
	}
	if export, err = over.Export(); err != nil {
		t.Fatal(err)
	}
	for i, s := range tables {
		tables[i] = s.WithOptions("kafka", flink.UntilNow)
	}
	return tables, export
}

// TestSolutionHasNoTrap shows that the symptoms come from the traps: over the same kind
// of topic, and run as they are, the labs' files have none.
func TestSolutionHasNoTrap(t *testing.T) {
	over := fill(t)
	tables, export := over.solution(t)
	t.Run("table", func(t *testing.T) {
		table := probe.Flink{Client: over.Flink(), Tables: tables, Table: over.Names.Table}
		scenario.Passed(t, table.Check(t.Context(), over.oracle))
	})
	t.Run("hour", func(t *testing.T) {
		query, err := over.Statements("hour.sql", "SELECT DISTINCT HOUR(event_time) FROM `${table}`")
		if err != nil {
			t.Fatal(err)
		}
		result, err := over.run(t, append(tables, query...))
		if err != nil || len(result.Rows) != 1 || result.Rows[0][0] != int64(22) {
			t.Errorf("%+v, %v; want the hour of 22:13:20", result, err)
		}
	})
	t.Run("index", func(t *testing.T) {
		if err := over.PutTemplate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			count, result := over.export(t, append(tables, export...))
			scenario.Passed(t, result)
			if count != rows {
				t.Errorf("%d documents, want %d", count, rows)
			}
		}
	})
}
