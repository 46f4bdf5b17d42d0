package dashboards

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/fixtures"
	"hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/verify/probe"
)

var update = flag.Bool("update", false, "write kibana-7.ndjson anew")

func TestFileIsTheDefinition(t *testing.T) {
	want := build(t)
	if *update {
		if err := os.WriteFile("kibana-7.ndjson", want, 0o644); err != nil {
			t.Fatal(err)
		}
		Kibana7 = want // the embedded file is the old one
	}
	if !bytes.Equal(Kibana7, want) {
		t.Error("kibana-7.ndjson isn't what the definition says; go test ./dashboards -update writes it")
	}
}

func read(t *testing.T) (charts, controls []panel.Panel) {
	t.Helper()
	charts, controls, err := savedobject.Reader{}.Read("kibana-7.ndjson", Kibana7)
	if err != nil {
		t.Fatal(err)
	}
	return charts, controls
}

// TestPanels: the dashboard shows what the original lab's did, and more.
func TestPanels(t *testing.T) {
	charts, controls := read(t)
	want := []string{
		"stat: avg of x, avg of y, avg of z",
		"stat: max of x, max of y, max of z",
		"stat: percentile 2 of x, percentile 2 of y, percentile 2 of z",
		"line: avg of x, avg of z by histogram of y",
		"line: avg of x, avg of y, avg of z by date_histogram of @timestamp",
		"bar: count by terms of action",
		"bar: count by terms of action",
		"bar: count by terms of usid",
	}
	var got []string
	for _, p := range append(charts, controls...) {
		var numbers []string
		for _, m := range p.Metrics {
			numbers = append(numbers, m.String())
		}
		text := string(p.Kind) + ": " + strings.Join(numbers, ", ")
		for _, b := range p.Buckets {
			text += " by " + string(b.By) + " of " + b.Field
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the dashboard shows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestLooks: Kibana 7.17.6 draws the labels of a value axis upright without rotate,
// titles an axis of several series after one of them, and at 1366 pixels cuts the third
// number of a panel of 16 columns off at a font size of 36. Lab 5's work file is this
// dashboard with gaps.
func TestLooks(t *testing.T) {
	work, err := os.ReadFile("../labs/05-kibana/work/kibana-7.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"the dashboard": Kibana7, "lab 5's work file": work} {
		for _, wrong := range []string{`\"fontSize\":36`, `\"labels\":{\"filter\":false,\"show\":true,\"truncate\":100}`, `\"title\":{\"text\":\"\"},\"type\":\"value\"`} {
			if bytes.Contains(text, []byte(wrong)) {
				t.Errorf("%s has %s", name, wrong)
			}
		}
	}
}

// TestPanelsFitTheMapping of lab 4's index template.
func TestPanelsFitTheMapping(t *testing.T) {
	charts, controls := read(t)
	for _, p := range append(charts, controls...) {
		if p.View.Index != index || p.View.TimeField != "@timestamp" {
			t.Errorf("%s shows index %q by time %q", p, p.View.Index, p.View.TimeField)
		}
		for _, problem := range panel.CheckMapping(p, probe.MappingTypes) {
			t.Error(problem)
		}
	}
}

// TestRangeHasAllRows of the fixture and the generator, with sessions as long as the
// dataset's.
func TestRangeHasAllRows(t *testing.T) {
	charts, _ := read(t)
	fixture, err := wisdm.OpenFS(fixtures.Rows(), fixtures.RowsName, wisdm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range []wisdm.Input{
		fixture, wisdm.Generator{Seed: 1, Rows: 300}, wisdm.Generator{Seed: 2, Rows: 30_000}, wisdm.Generator{Seed: 3, Subjects: 2},
	} {
		oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range oracle.Rows() {
			if around := charts[0].Range; !around.Has(row.Time) {
				t.Fatalf("%s: row %s at %s is outside of %s", input.Name(), row.ID(), row.Time, around)
			}
		}
	}
	if from.Truncate(time.Minute) != from || to.Truncate(time.Minute) != to {
		t.Errorf("%s to %s aren't whole minutes", from, to)
	}
}

// TestVersions: the file is for the major version of classic's Kibana. Kibana's guide
// ("Import objects API", compatibility across versions) names the next major version as
// the last that takes it, which current's is not.
func TestVersions(t *testing.T) {
	s, err := version.Find("classic")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(s.Parts, func(p version.Part) bool { return p.Name == "kibana" })
	if i < 0 || !strings.HasPrefix(s.Parts[i].Version, "7.17.") {
		t.Error("stack classic's Kibana isn't a 7.17")
	}
	for line := range bytes.Lines(Kibana7) {
		var o struct {
			Type                 string
			MigrationVersion     map[string]string
			CoreMigrationVersion string
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		kinds := slices.Collect(maps.Keys(o.MigrationVersion))
		if !slices.Equal(kinds, []string{o.Type}) || !strings.HasPrefix(o.MigrationVersion[o.Type], "7.1") || !strings.HasPrefix(o.CoreMigrationVersion, "7.17.") {
			t.Errorf("%s: versions %v, %s; want 7.17's", o.Type, o.MigrationVersion, o.CoreMigrationVersion)
		}
	}
}
