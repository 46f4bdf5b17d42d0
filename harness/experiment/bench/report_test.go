package bench

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hoplab.example/harness/util/golden"
)

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	sample().Print(&out)
	golden.Check(t, "testdata/table.golden", out.String())
	out.Reset()
	short := sample()
	short.Short, short.Runs = true, 1
	short.Print(&out)
	golden.Check(t, "testdata/short.golden", out.String())
}

func TestNotesAreShared(t *testing.T) {
	r := sample()
	r.Figures[0].Detail, r.Figures[2].Detail = "the same", "the same"
	notes := r.notes()
	if len(notes) != 3 || len(notes[0].titles) != 2 || notes[0].titles[1] != "kafka: boot with an empty cache / with a full one" {
		t.Errorf("notes = %+v", notes)
	}
}

func TestMarkdown(t *testing.T) { golden.Check(t, "testdata/markdown.golden", sample().Markdown()) }

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte("# Title\n\n"+Place.Begin+"\nstale\n"+Place.End+"\n\nProse.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Place.Write(path, sample().Markdown()); err != nil {
		t.Fatal(err)
	}
	if written, err := Place.Read(path); err != nil || written != sample().Markdown() {
		t.Errorf("%v, written =\n%s", err, written)
	}
	if text, _ := os.ReadFile(path); !strings.HasPrefix(string(text), "# Title") || !strings.HasSuffix(string(text), "Prose.\n") || strings.Contains(string(text), "stale") {
		t.Errorf("file =\n%s", text)
	}
}

// TestDocsHaveAPlace: the repository's own page takes the figures.
func TestDocsHaveAPlace(t *testing.T) {
	if _, err := Place.Read("../../../docs/benchmarks.md"); err != nil {
		t.Error(err)
	}
}

func TestJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	if err := sample().Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/report.golden.json", string(text))
	if got, err := Read(path); err != nil || !reflect.DeepEqual(got, sample()) {
		t.Errorf("read back: %v, %+v", err, got)
	}
	if err := sample().Write(filepath.Join(t.TempDir(), "absent", "x.json")); err == nil || !strings.Contains(err.Error(), "x.json") {
		t.Errorf("a folder that isn't there: %v", err)
	}
}

// valid returns what the schema has against a report.
func valid(t *testing.T, text []byte) error {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(SchemaID, document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(SchemaID)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Validate(value)
}

func TestSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/report.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, text); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct{ old, new string }{
		"another property": {`"rows": 200000,`, `"rows": 200000, "extra": 1,`},
		"in a figure":      {`"part": "bridge",`, `"part": "bridge", "extra": 1,`},
		"no part":          {`"part": "bridge",`, ``},
		"no unit":          {`"unit": "ms",`, ``},
		"another bound":    {`"bound": "at most"`, `"bound": "about"`},
		"a third way":      {`"better": "lower"`, `"better": "other"`},
		"another schema":   {SchemaID, SchemaID + "0"},
		"runs are text":    {`"median": 4.2`, `"median": "4.2 ms"`},
		"no runs":          {`"runs": 3,`, `"runs": 0,`},
	} {
		bad := strings.Replace(string(text), c.old, c.new, 1)
		if bad == string(text) {
			t.Fatalf("%s: the report has no %s", name, c.old)
		}
		if valid(t, []byte(bad)) == nil {
			t.Errorf("%s is let through", name)
		}
	}
}

func TestNewReportFitsTheSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.json")
	r := NewReport(Options{Rows: 5, Runs: 1, Short: true})
	if r.Machine.Cores < 1 || r.Rows != 5 || !r.Short {
		t.Errorf("report = %+v", r)
	}
	if err := r.Write(path); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	if err := valid(t, text); err != nil {
		t.Error(err)
	}
}

func TestReadRefuses(t *testing.T) {
	text, err := os.ReadFile("testdata/report.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	good := string(text)
	change := func(old, new string) string {
		bad := strings.Replace(good, old, new, 1)
		if bad == good {
			t.Fatalf("the report has no %s", old)
		}
		return bad
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "isn't a report of 'lab dev bench --report'"},
		"no JSON":           {"# README\n", "isn't a report of 'lab dev bench --report'"},
		"an array":          {"[]", "isn't a report"},
		"another program's": {`{"outcome": "passed", "hops": []}`, `its $schema is ""`},
		"a newer version":   {change(SchemaID, "urn:hoplab:bench-report:2"), "another version, \"urn:hoplab:bench-report:2\""},
		"an unknown field":  {change(`"rows"`, `"lines"`), "lines"},
		"cut":               {good[:len(good)/2], "isn't a report"},
		"twice":             {good + good, "isn't a report"},
		"another median":    {change(`"median": 4.2`, `"median": 2.4`), "added latency, p99"},
		"no direction":      {change(`"better": "higher"`, `"better": "faster"`), "better is \"faster\""},
	} {
		path := filepath.Join(t.TempDir(), "report.json")
		if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error = %v", name, err)
		}
	}
	double := sample()
	double.Figures = append(double.Figures, double.Figures[0])
	path := filepath.Join(t.TempDir(), "double.json")
	if err := double.Write(path); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), "is there twice") {
		t.Errorf("the same figure twice: %v", err)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("an absent file is read")
	}
}
