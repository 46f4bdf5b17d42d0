package grade

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// nowhere has an address for each component, where nobody listens.
type nowhere struct{}

func (nowhere) Addr(component, _ string) string { return "127.0.0.1:1" }
func (nowhere) Peer(component, _ string) string { return "127.0.0.1:1" }

// of returns an attempt at a lab with one file.
func of(t *testing.T, hop, name, text string) *attempt {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p := pipeline.Pipeline{Sites: nowhere{}, Names: pipeline.NewNames("a")}
	a := &attempt{lab: lab.Lab{ID: "03-flink", Hop: hop, Files: []string{name}}, dir: dir, student: p, ours: p}
	a.student.Files, a.student.SQL = a.read, a.sql
	return a
}

// TestNoCheckReadsWhatTheFenceRefuses, even if no check of files was made before
// or the file has changed since.
func TestNoCheckReadsWhatTheFenceRefuses(t *testing.T) {
	for _, c := range []struct{ hop, name, text, want string }{
		{hop.Flink, "tables.sql", "ADD JAR '/x.jar'", "ADD JAR"},
		{hop.Kafka, "camel-mqtt.json", `{"connector.class": "evil"}`, "evil"},
		{hop.Elasticsearch, "index-template.json", `{"index_patterns": ["*"]}`, `"*"`},
		{hop.Kibana, "kibana-7.ndjson", strings.Repeat("[", 100) + strings.Repeat("]", 100), "deep"},
	} {
		a := of(t, c.hop, c.name, c.text)
		if _, _, err := a.student.Files("03-flink", c.name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := of(t, hop.Flink, "tables.sql", "ADD JAR '/x.jar'").student.Tables(); err == nil || !strings.Contains(err.Error(), "ADD JAR") {
		t.Errorf("the statements of a file that is refused: %v", err)
	}
	a := of(t, hop.Flink, "tables.sql", "SELECT ${topic}")
	if got, err := a.student.Tables(); err != nil || len(got) != 1 || got[0].Text != "SELECT smart_a" {
		t.Errorf("the statements of a file that is taken: %v, %v", got, err)
	}
}

func TestAnothersFolder(t *testing.T) {
	a := of(t, hop.Flink, "tables.sql", "SELECT 1")
	link := filepath.Join(t.TempDir(), "03-flink")
	if err := os.Symlink(a.dir, link); err != nil {
		t.Fatal(err)
	}
	a.dir = link
	if v := checkFiles(t.Context(), a, lab.Check{}); v.outcome != hop.Failed || !strings.Contains(v.reason, "symbolic link") {
		t.Errorf("%+v", v)
	}
}

// TestScriptsRunInScratch, which is swept where a grader was killed.
func TestScriptsRunInScratch(t *testing.T) {
	a := of(t, hop.MQTT, "publish.sh", "true")
	a.input, a.Scratch, a.Lab = wisdm.Generator{Seed: 1, Rows: 10}, t.TempDir(), "/bin/true"
	dir, err := a.scriptFolder(a.lab.Files[0])
	if err != nil || filepath.Dir(filepath.Dir(dir)) != a.Scratch {
		t.Errorf("it runs in %s, %v; want a folder in %s", dir, err, a.Scratch)
	}
	for _, undo := range a.undo {
		undo()
	}
	if left, _ := os.ReadDir(a.Scratch); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}
