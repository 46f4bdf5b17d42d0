package savedobject

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/dashboards"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/golden"
)

// TestQuery compares the searches of the shipped dashboard's panels, and of a
// filtered one, with golden files; -update rewrites them.
func TestQuery(t *testing.T) {
	charts, controls, err := Reader{Now: now}.Read("kibana-7.ndjson", dashboards.Kibana7)
	if err != nil {
		t.Fatal(err)
	}
	filtered := mustRead(t, good())
	filtered.ID = "filtered"
	filtered.Filter = []panel.Term{{Field: "action", Values: []string{"A"}}, {Field: "usid", Values: []string{"1600", "1601"}}}
	for _, p := range append(append(charts, controls...), filtered) {
		t.Run(p.ID, func(t *testing.T) { sameQuery(t, p) })
	}
}

func sameQuery(t *testing.T, p panel.Panel) {
	body, err := Query(p)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", strings.NewReplacer("[", "-", "]", "").Replace(p.ID)+".golden")
	golden.Check(t, path, string(got))
}

// TestQueryOfNoTime: without a time field, or a time range that a control keeps
// to, Kibana asks for all rows.
func TestQueryOfNoTime(t *testing.T) {
	timeless, always := mustRead(t, good()), mustRead(t, lines(viewLine, chartLine(controlState, noFilters), dashboardLine(onePlace, noFilters)))
	timeless.View.TimeField = ""
	for _, p := range []panel.Panel{timeless, always} {
		body, err := Query(p)
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := json.Marshal(body["query"]); strings.Contains(string(text), "range") {
			t.Errorf("%s asks for %s", p, text)
		}
	}
}
