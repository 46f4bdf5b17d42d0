// Package grafana is the lab step after the export: Grafana shows what the rows say.
// Most tests need no Grafana: they send to Elasticsearch what Grafana would.
package grafana

import (
	"testing"
	"time"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// rows generates sessions of some seconds, which gives several points over time.
func rows(t *testing.T, seed uint64) (wisdm.Input, *wisdm.Oracle) {
	t.Helper()
	input := wisdm.Generator{Seed: seed, Subjects: 1, PerSession: 50}
	return input, scenario.Oracle(t, input)
}

func options(p pipeline.Pipeline) provisioning.Options {
	return provisioning.Options{Name: shipped.Folder, Index: p.Names.Index}
}

// TestThroughThePipeline sends rows through all hops.
func TestThroughThePipeline(t *testing.T) {
	p := scenario.Need(t, append(scenario.Core, "mosquitto")...).Pipeline()
	input, oracle := rows(t, 1)
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Oracle: oracle, Base: wisdm.DefaultBase, QoS: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		scenario.Passed(t, r)
	}
	scenario.Passed(t, dashboard.CheckGrafana(t.Context(), p, oracle))
}

// TestVariable chooses one activity, and two, instead of all.
func TestVariable(t *testing.T) {
	p, oracle := filled(t, 2, documents{})
	for _, chosen := range [][]string{{"A"}, {"B", "S"}} {
		o := options(p)
		o.Variables = map[string][]string{"activity": chosen}
		result := dashboard.CheckGrafanaFiles(t.Context(), p, shipped.Files(), oracle, o)
		var want int64
		for _, activity := range chosen {
			want += oracle.Group(wisdm.ByActivity)[activity].Count
		}
		if result.Outcome != hop.Passed || result.Actual != want || want == 0 {
			t.Errorf("%v: %s, %d rows shown, want %d\n%s", chosen, result.Outcome, result.Actual, want, result.Detail)
		}
	}
}

// TestOtherBase: with rows at another time, the dashboard moves with them.
func TestOtherBase(t *testing.T) {
	const shift = 36*time.Hour + 7*time.Minute + 123*time.Millisecond
	p := scenario.Need(t, "elasticsearch").Pipeline()
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 3, Subjects: 1, PerSession: 50}, wisdm.DefaultBase.Add(shift), 0)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, p, oracle, documents{})
	scenario.Passed(t, dashboard.CheckGrafana(t.Context(), p, oracle))
	scenario.Fails(t, dashboard.CheckGrafanaFiles(t.Context(), p, shipped.Files(), oracle, options(p)), "no data")
}
