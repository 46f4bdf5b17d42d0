package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestSeedShowsItsTrap: the original lab's Elasticsearch takes the rows, and
// today's client refuses to ask it for them.
func TestSeedShowsItsTrap(t *testing.T) {
	heavy(t)
	runs := ownRuns(t)
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--stack", "seed", "--broker", "mochi", "--report", path).
		want(t, exitError, "stack seed: ", "zookeeper", "could not be checked")
	r := readReport(t, path)
	if len(r.Hops) != 6 {
		t.Fatalf("report = %+v", r)
	}
	for _, h := range r.Hops[:3] {
		if h.Outcome != hop.Passed || h.Actual != 3000 {
			t.Errorf("hop = %+v, want 3,000 rows", h)
		}
	}
	if client := r.Hops[3]; client.Outcome != hop.Error || !strings.Contains(client.Detail, "unknown product") {
		t.Errorf("hop = %+v, want an error of the client", client)
	}
	for _, h := range r.Hops[4:] {
		if h.Outcome != hop.Skipped {
			t.Errorf("hop = %+v, want skipped", h)
		}
	}
	nothingLeft(t, runs)
}
