package grafana

import (
	"slices"
	"testing"

	client "hoplab.example/harness/client/grafana"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

// TestGrafana asks a Grafana: it has the dashboard that it was provisioned with, and
// answers each panel's query over an index of rows. A stand-in shows how its container is
// set up, and nothing about Grafana; the test's name says which it was.
func TestGrafana(t *testing.T) {
	s := scenario.NeedImage(t, "grafana", "elasticsearch")
	t.Run(testenv.Kind(t, "grafana"), func(t *testing.T) { asks(t, s.Pipeline()) })
}

func asks(t *testing.T, p pipeline.Pipeline) {
	_, oracle := rows(t, 20)
	fill(t, p, oracle, documents{})
	c := dashboard.Grafana(p)
	if health, err := c.Health(t.Context()); err != nil || health.Version == "" {
		t.Fatalf("health %+v, %v", health, err)
	}
	provisioned(t, c)
	scenario.Passed(t, dashboard.CheckInGrafana(t.Context(), p, oracle))
	_, others := rows(t, 21)
	if result := dashboard.CheckInGrafana(t.Context(), p, others); result.Outcome != hop.Failed {
		t.Errorf("compared with other rows: %s, want failed\n%s", result.Outcome, result.Detail)
	}
}

// provisioned looks for the dashboard from Grafana's own files.
func provisioned(t *testing.T, c *client.Client) {
	t.Helper()
	found, err := c.Search(t.Context(), "hoplab")
	if err != nil || !slices.ContainsFunc(found, func(f client.Found) bool { return f.UID == "hoplab" }) {
		t.Fatalf("found %+v, %v, want the dashboard hoplab", found, err)
	}
	model, err := c.Dashboard(t.Context(), "hoplab")
	if err != nil {
		t.Fatal(err)
	}
	if panels, _ := model["panels"].([]any); len(panels) < 9 {
		t.Errorf("the dashboard has %d panels and rows", len(panels))
	}
}
