package grafana

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"hoplab.example/grafana/define"
	"hoplab.example/harness/rows/wisdm"
)

var update = flag.Bool("update", false, "rewrite the dashboard's file")

const dashboardFile = "provisioning/dashboards/hoplab.json"

// TestDashboardIsTheDefinedOne: the file is exactly what package define says.
func TestDashboardIsTheDefinedOne(t *testing.T) {
	defined, err := define.Dashboard()
	if err != nil {
		t.Fatal(err)
	}
	want, err := json.MarshalIndent(defined, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(dashboardFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s isn't what package define says; go test ./grafana -update rewrites it", dashboardFile)
	}
}

// TestOptionsShowEverything: with some of the SDK's defaults, Grafana 12.2 shortens
// each label to "…", or shows one of several values. Lab 6's work file is this
// dashboard with gaps.
func TestOptionsShowEverything(t *testing.T) {
	for _, file := range []string{dashboardFile, "../labs/06-grafana/work/dashboard.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for option, wrong := range map[string]string{
			"shortened labels": `"xTickLabelMaxLength": 0`, "one value of six": `"orientation": ""`,
			"counts per second": `"unit": "cps"`, "an order that the editor doesn't find": `"orderBy": "_key"`,
		} {
			if strings.Contains(string(text), wrong) {
				t.Errorf("%s has %s: %s", file, wrong, option)
			}
		}
	}
}

// TestDashboardShowsAllRows: rows outside its time range would be missing from every
// panel. Where there are more rows, the range is set to theirs.
func TestDashboardShowsAllRows(t *testing.T) {
	from, err := time.Parse(time.RFC3339, define.From)
	if err != nil {
		t.Fatal(err)
	}
	to, err := time.Parse(time.RFC3339, define.To)
	if err != nil {
		t.Fatal(err)
	}
	for name, input := range map[string]wisdm.Input{
		"few": wisdm.Generator{Seed: 1, Rows: 100}, "some": wisdm.Generator{Seed: 2, Rows: 3000},
		"many": wisdm.Generator{Seed: 3, Rows: 300_000},
	} {
		oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
		if err != nil {
			t.Fatal(err)
		}
		all := oracle.Group(wisdm.All)["all"]
		if all.First.Before(from) || all.Last.After(to) {
			t.Errorf("%s: rows from %s to %s, the dashboard shows %s to %s", name, all.First, all.Last, define.From, define.To)
		}
	}
}
