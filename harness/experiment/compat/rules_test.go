package compat

import (
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/server/esversion"
)

func parsed(t *testing.T, version string) esversion.Release {
	t.Helper()
	r, err := esversion.Parse(version)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGrafanaRule(t *testing.T) {
	for version, want := range map[string]string{
		"7.6.0": "before 7.16", "7.15.2": "before 7.16", "6.8.23": "before 7.16", "7.16.3": "manual",
		"7.17.0": "", "7.17.29": "", "8.0.0": "", "8.19.21": "", "9.2.1": "", "10.0.0": "manual",
	} {
		c := grafanaRule(parsed(t, version))
		if !c.Works || c.Words != "" || (c.Note == "") != (want == "") || !strings.Contains(c.Note, want) {
			t.Errorf("Elasticsearch %s: %+v, want %q", version, c, want)
		}
	}
}

func TestKibanaRule(t *testing.T) {
	cases := []struct{ kibana, elasticsearch, words, note string }{
		{"7.17.29", "7.17.29", "", ""},
		{"7.17.1", "7.17.29", "", ""},
		{"7.17.29", "7.17.1", "", ""},
		{"7.6.0", "7.17.29", "", "upgrade"},
		{"7.17.29", "7.6.0", "newer", ""},
		{"8.19.21", "8.6.2", "newer", ""},
		{"8.6.2", "8.19.21", "", "upgrade"},
		{"8.1.0", "7.17.29", "another major", ""},
		{"7.17.29", "8.1.0", "another major", ""},
	}
	for _, c := range cases {
		cell := kibanaRule(parsed(t, c.kibana), parsed(t, c.elasticsearch))
		if cell.Works != (c.words == "") || !strings.Contains(cell.Words, c.words) || (cell.Note == "") != (c.note == "") || !strings.Contains(cell.Note, c.note) {
			t.Errorf("Kibana %s, Elasticsearch %s: %+v", c.kibana, c.elasticsearch, cell)
		}
	}
}

func TestRulesOfAVersion(t *testing.T) {
	n := &node{Version: Version{Elasticsearch: "8.19.21"}}
	cells := n.rules()
	var columns []string
	for _, c := range cells {
		columns = append(columns, c.Column)
	}
	if !slices.Equal(columns, Columns()[5:]) || !slices.Equal(columns, []string{"Grafana", "Kibana 7.6.0", "Kibana 7.17.29", "Kibana 9.2.4"}) {
		t.Errorf("columns = %v", columns)
	}
	if !strings.Contains(cells[0].Note, "/_nodes/_local") {
		t.Errorf("a node without GET /: %+v", cells[0])
	}
	n = &node{Version: Version{Elasticsearch: "next"}}
	if cells := n.rules(); cells[0].Works || !strings.Contains(cells[0].Words, `"next"`) {
		t.Errorf("no version: %+v", cells)
	}
}
