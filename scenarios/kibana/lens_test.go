package kibana

import (
	"os"
	"strings"
	"testing"

	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/scenario"
)

// TestLens: a dashboard of Lens panels in the form of Kibana 8.13's exports, made by
// hand after its public sources: tables, lines, bars, a pie and a metric, over a data
// view with a pattern, with a control of its own. It shows what the rows say.
func TestLens(t *testing.T) {
	text, err := os.ReadFile("testdata/lens-8.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	_, oracle := scenario.Rows(t, 10, 800)
	p := need(t)
	fill(t, p, oracle.Rows(), isoTime)
	own, err := panels.Target{From: "datuak", Index: p.Names.Index}.Apply("lens-8.ndjson", text)
	if err != nil {
		t.Fatal(err)
	}
	if dashboard.KibanaMajor(t.Context(), p) == 7 {
		scenario.Fails(t, dashboard.CheckKibanaFile(t.Context(), p, "lens-8.ndjson", own, oracle), "Kibana 8.0.0 wrote it, and Kibana 7 refuses objects of newer versions")
	}
	seven := strings.NewReplacer(`"typeMigrationVersion":"8.0.0"`, `"migrationVersion":{"index-pattern":"7.11.0"}`, `"typeMigrationVersion":"10.2.0"`, `"migrationVersion":{"dashboard":"7.17.3"}`).Replace(string(own))
	scenario.Passed(t, dashboard.CheckKibanaFile(t.Context(), p, "lens-8.ndjson", []byte(seven), oracle))
	wrong := strings.Replace(seven, `\"operationType\":\"max\",\"sourceField\":\"x\"`, `\"operationType\":\"max\",\"sourceField\":\"w\"`, 1)
	scenario.Fails(t, dashboard.CheckKibanaFile(t.Context(), p, "lens-8.ndjson", []byte(wrong), oracle), `panel "Maxima" (panel-1): field "w" (max) isn't in the mapping`)
}
