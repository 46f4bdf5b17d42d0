package dashboards

import (
	"bytes"
	"encoding/json"
	"flag"
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

var update = flag.Bool("update", false, "write the ndjson files anew")

var files = map[string]struct {
	text *[]byte
	form form
}{"kibana-7.ndjson": {&Kibana7, seven}, "kibana-8.ndjson": {&Kibana8, eight}}

func TestFilesAreTheDefinition(t *testing.T) {
	for name, file := range files {
		want := build(t, file.form)
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			*file.text = want // the embedded file is the old one
		}
		if !bytes.Equal(*file.text, want) {
			t.Errorf("%s isn't what the definition says; go test ./dashboards -update writes it", name)
		}
	}
}

func read(t *testing.T, name string) (charts, controls []panel.Panel) {
	t.Helper()
	charts, controls, err := savedobject.Reader{Major: int(name[len("kibana-")] - '0')}.Read(name, *files[name].text)
	if err != nil {
		t.Fatal(err)
	}
	return charts, controls
}

// TestPanels: the dashboard shows what the original lab's did, and more.
func TestPanels(t *testing.T) {
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
	for name := range files {
		var got []string
		charts, controls := read(t, name)
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
			t.Errorf("the dashboard of %s shows\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// TestLooks: Kibana 7.17.6 draws the labels of a value axis upright without rotate,
// titles an axis of several series after one of them, and at 1366 pixels cuts the third
// number of a panel of 16 columns off at a font size of 36. Where labels.filter is false,
// they may overlap, and without rotate those of terms and numbers stand upright as well
// (get_axis.ts of vis_types/xy, 7.17). Lab 5's work file is this dashboard with gaps.
func TestLooks(t *testing.T) {
	work, err := os.ReadFile("../labs/05-kibana/work/kibana-7.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"kibana-7.ndjson": Kibana7, "kibana-8.ndjson": Kibana8, "lab 5's work file": work} {
		for _, wrong := range []string{`\"fontSize\":36`, `\"labels\":{\"filter\":false`, `\"title\":{\"text\":\"\"},\"type\":\"value\"`} {
			if bytes.Contains(text, []byte(wrong)) {
				t.Errorf("%s has %s", name, wrong)
			}
		}
		if axes, level := bytes.Count(text, []byte(`Axis-1\",\"labels\"`)), bytes.Count(text, []byte(`\"rotate\":0`)); axes != 6 || level != axes {
			t.Errorf("%s: labels of %d of %d axes are level, want 6 of 6", name, level, axes)
		}
	}
}

// TestPanelsFitTheMapping of lab 4's index template.
func TestPanelsFitTheMapping(t *testing.T) {
	charts, controls := read(t, "kibana-8.ndjson")
	for _, p := range append(charts, controls...) {
		if p.View.Index != index || p.View.TimeField != "@timestamp" {
			t.Errorf("%s shows index %q by time %q", p, p.View.Index, p.View.TimeField)
		}
		for _, problem := range panel.CheckMapping(p, probe.MappingTypes) {
			t.Error(problem)
		}
	}
}

// TestRangeHasAllRows of the fixture and of as many generated ones as are sent at a
// time. Where there are more, the range is set to theirs.
func TestRangeHasAllRows(t *testing.T) {
	charts, _ := read(t, "kibana-7.ndjson")
	fixture, err := wisdm.OpenFS(fixtures.Rows(), fixtures.RowsName, wisdm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range []wisdm.Input{
		fixture, wisdm.Generator{Seed: 1, Rows: 300}, wisdm.Generator{Seed: 2, Rows: 30_000}, wisdm.Generator{Seed: 3, Subjects: 4, Rows: 60_000},
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

// TestVersions: each stack's Kibana is of the major version of the file that it gets, or
// of the next one; and each object has the versions that its form names.
func TestVersions(t *testing.T) {
	for name, want := range map[string]struct{ kibana, file string }{
		"classic": {"7.17.", "dashboards/kibana-7.ndjson"}, "current": {"9.", "dashboards/kibana-8.ndjson"},
	} {
		s, err := version.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Parts, func(p version.Part) bool { return p.Name == "kibana" })
		if i < 0 || !strings.HasPrefix(s.Parts[i].Version, want.kibana) {
			t.Errorf("stack %s: its Kibana isn't a %s", name, want.kibana)
			continue
		}
		if file, _ := For(int(s.Parts[i].Version[0] - '0')); file != want.file {
			t.Errorf("stack %s gets %s, want %s", name, file, want.file)
		}
	}
	for name, file := range files {
		for line := range bytes.Lines(*file.text) {
			var o struct {
				Type, CoreMigrationVersion, TypeMigrationVersion string
				MigrationVersion                                 map[string]string
			}
			if err := json.Unmarshal(line, &o); err != nil {
				t.Fatal(err)
			}
			kind := map[string]string{o.Type: o.TypeMigrationVersion}
			if name == "kibana-7.ndjson" {
				kind = o.MigrationVersion
			}
			if len(kind) != 1 || kind[o.Type] != file.form.types[o.Type] || o.CoreMigrationVersion != file.form.core {
				t.Errorf("%s: %s: versions %v, %s; want %s, %s", name, o.Type, kind, o.CoreMigrationVersion, file.form.types[o.Type], file.form.core)
			}
		}
	}
}
