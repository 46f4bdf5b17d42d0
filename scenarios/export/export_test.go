// Package export is the fourth lab step: the table's rows are in Elasticsearch,
// each as one document, with a time that Kibana and Grafana recognise.
package export

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/probe"
)

func TestMain(m *testing.M) { scenario.Main(m) }

const rows = 3000

func need(t *testing.T) pipeline.Pipeline {
	t.Helper()
	return scenario.Need(t, append(scenario.Core, "mosquitto")...).Pipeline()
}

// TestEachHop sends rows through the whole pipeline.
func TestEachHop(t *testing.T) {
	p := need(t)
	input, oracle := scenario.Rows(t, 1, rows)
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Oracle: oracle, Base: wisdm.DefaultBase, QoS: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 6 {
		t.Fatalf("%d hops, want 6: %v", len(results), results)
	}
	for _, r := range results {
		scenario.Passed(t, r)
	}
}

// TestEachHopOfAnOddFile: its clock goes back 40 s within an activity, and its rows last
// longer than the shipped dashboards show.
func TestEachHopOfAnOddFile(t *testing.T) {
	p := need(t)
	var text []byte
	for n := range int64(4000) {
		row := wisdm.Row{Subject: 1600, Activity: "AB"[n/3900 : n/3900+1], TS: 1e12 + n*1e8, X: float64(n % 7), Y: 9.5, Z: -1}
		if n > 2000 {
			row.TS -= 40e9
		}
		text = wisdm.AppendRaw(text, row)
	}
	file := filepath.Join(t.TempDir(), "data_1600_accel_watch.txt")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	input, err := wisdm.Open(file, wisdm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Oracle: scenario.Oracle(t, input), Base: wisdm.DefaultBase, QoS: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		scenario.Passed(t, r)
	}
}

// export starts a job of these statements and waits until it has read all rows and
// the index holds that many documents, or no longer changes.
func export(t *testing.T, p pipeline.Pipeline, statements []flink.Statement, rows, documents int64) {
	t.Helper()
	run(t, p, statements, rows, elastic(t, p), documents)
}

// run is export into the index, or the indices, that a probe reads.
func run(t *testing.T, p pipeline.Pipeline, statements []flink.Statement, rows int64, index *probe.Elastic, documents int64) {
	t.Helper()
	scenario.NeedSink(t, p)
	session, err := p.Flink().OpenSession(t.Context(), pipeline.SessionConfig())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(context.WithoutCancel(t.Context()))
	results, err := session.RunAll(t.Context(), statements)
	if err != nil {
		t.Fatal(err)
	}
	job := results[len(results)-1].JobID
	t.Cleanup(func() {
		if err := p.Flink().Cancel(context.Background(), job); err != nil {
			t.Error(err)
		}
	})
	scenario.Await(t, p.FlinkCount(job), rows)
	scenario.Await(t, index.Count, documents)
}

func elastic(t *testing.T, p pipeline.Pipeline) *probe.Elastic {
	t.Helper()
	e, err := p.ElasticProbe()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// solution returns the statements of labs 3 and 4, with old replaced by new in
// the latter.
func solution(t *testing.T, p pipeline.Pipeline, old, new string) []flink.Statement {
	t.Helper()
	tables, err := p.Tables()
	if err != nil {
		t.Fatal(err)
	}
	export, err := p.Export()
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for i := range export {
		found = found || strings.Contains(export[i].Text, old)
		export[i].Text = strings.Replace(export[i].Text, old, new, 1)
	}
	if !found {
		t.Fatalf("lab 4's solution has no %q", old)
	}
	return append(tables, export...)
}

// TestReplayLeavesNoDuplicate runs the job twice into the same index.
func TestReplayLeavesNoDuplicate(t *testing.T) {
	p := need(t)
	input, oracle := scenario.Rows(t, 2, rows)
	scenario.Fill(t, p, input, oracle.Count())
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		export(t, p, solution(t, p, "", ""), oracle.Count(), oracle.Count())
		scenario.Passed(t, elastic(t, p).Check(t.Context(), oracle))
	}
}

// TestCheckCanFail exports wrongly, in ways that students know; scenarios/traps
// has those of the original lab.
func TestCheckCanFail(t *testing.T) {
	cases := []struct {
		name, old, new string
		template       bool
		kept           func(wisdm.Row) string // rows of one result become one document; "" is none
		want           string
	}{
		{
			name: "a key that isn't unique", old: "PRIMARY KEY (usid, device, sensor, seq)", new: "PRIMARY KEY (usid, ts)",
			template: true, kept: func(r wisdm.Row) string { return fmt.Sprint(r.Subject, r.TS) }, want: "missing",
		},
		{
			name: "a value that gets lost", old: "SELECT usid, device, sensor, seq, action, ts, x,", new: "SELECT usid, device, sensor, seq, action, ts, NULLIF(x, x),",
			template: true, kept: wisdm.Row.ID, want: "x, y or z is missing",
		},
		{
			name: "no template", old: "'ISO-8601'", new: "'ISO-8601'",
			kept: wisdm.Row.ID, want: "field x is mapped as float, want double",
		},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := need(t)
			input, oracle := scenario.Rows(t, uint64(10+i), 500)
			scenario.Fill(t, p, input, oracle.Count())
			if c.template {
				if err := p.PutTemplate(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			export(t, p, solution(t, p, c.old, c.new), oracle.Count(), documents(oracle, c.kept))
			scenario.Fails(t, elastic(t, p).Check(t.Context(), oracle), c.want)
		})
	}
}

func documents(oracle *wisdm.Oracle, id func(wisdm.Row) string) int64 {
	ids := map[string]bool{}
	for _, r := range oracle.Rows() {
		ids[id(r)] = true
	}
	return int64(len(ids))
}
