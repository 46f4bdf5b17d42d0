package labs

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/verify/hop"
)

// TestCases grades what people hand in, each folder of testdata/cases as 'lab grade'
// would. All get full points but those that are here.
func TestCases(t *testing.T) {
	wrong := map[string]struct{ check, reason string }{
		"j-transforms-of-the-page": {"files", "transforms aren't allowed here, which transforms is about"},
		"m-ignore-errors":          {"rows", "event_time is NULL"},
	}
	for folder, names := range map[string]string{"21-lab2-class": "bridge", "31-lab3-class": "flink", "71-lab1-class": "publish", "75-todo": "publish flink"} {
		class, err := handin.Open(filepath.Join("testdata/cases", folder), allLabs(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { class.Close() })
		if problems := class.Problems(); problems != "" || len(class.Submissions) == 0 {
			t.Errorf("%s: %d submissions, %s", folder, len(class.Submissions), problems)
		}
		for _, s := range class.Submissions {
			graded := 0
			for name := range strings.FieldsSeq(names) {
				l, err := lab.Find(allLabs(t), name)
				if err != nil {
					t.Fatal(err)
				}
				dir := s.Folder(l.ID)
				if _, err := os.Stat(dir); err != nil {
					continue
				}
				graded++
				t.Run(folder+" "+s.Student+" "+name, func(t *testing.T) {
					t.Parallel()
					if w := wrong[s.Student]; w.check != "" {
						fails(t, l, dir, w.check, w.reason)
						return
					}
					full(t, l, dir)
				})
			}
			if graded == 0 {
				t.Errorf("%s of %s has none of the labs %s", s.Student, folder, names)
			}
		}
	}
}

// full fails the test unless every check passes.
func full(t *testing.T, l lab.Lab, dir string) {
	t.Helper()
	for _, c := range graded(t, l, dir).Checks {
		if c.Outcome != hop.Passed {
			t.Errorf("%s: %s: %s", c.ID, c.Outcome, c.Reason)
		}
	}
}

// TestExportedOtherwise grades our dashboards as other programs and versions write them.
func TestExportedOtherwise(t *testing.T) {
	for _, c := range []struct {
		name, lab, file string
		edit            func(t *testing.T, text []byte) []byte
	}{
		{"a byte order mark", "kibana", ndjson, func(_ *testing.T, text []byte) []byte { return append([]byte("\ufeff"), text...) }},
		{"a title with TODOS", "kibana", ndjson, changed("The pipeline's rows", "TODOS los datos")},
		{"a filter that is off", "kibana", ndjson, changed(`\"filter\":[]`, `\"filter\":[{\"$state\":{\"store\":\"appState\"},\"exists\":{\"field\":\"x\"},`+
			`\"meta\":{\"alias\":null,\"disabled\":true,\"index\":\"hoplab-datuak\",\"key\":\"x\",\"negate\":false,\"type\":\"exists\",\"value\":\"exists\"}}]`)},
		{"a text panel", "grafana", model, edited(func(d object) any {
			text := object{"id": 99, "type": "text", "title": "About", "options": object{"mode": "markdown", "content": "# hi"}, "gridPos": object{"x": 0, "y": 0, "w": 24, "h": 3}}
			d["panels"] = append([]any{text}, d["panels"].([]any)...)
			return d
		})},
		{"rows with targets", "grafana", model, edited(func(d object) any {
			source := object{"type": "elasticsearch", "uid": "datuak"}
			for _, p := range d["panels"].([]any) {
				if p := p.(object); p["type"] == "row" {
					p["datasource"], p["targets"] = source, []any{object{"datasource": source, "refId": "A"}}
				}
			}
			return d
		})},
		{"Grafana's API", "grafana", model, edited(func(d object) any { return object{"meta": object{"slug": "x"}, "dashboard": d} })},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l, err := lab.Find(allLabs(t), c.lab)
			if err != nil {
				t.Fatal(err)
			}
			dir := copyOf(t, l, "solution")
			path := filepath.Join(dir, c.file)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.edit(t, text), 0o644); err != nil {
				t.Fatal(err)
			}
			full(t, l, dir)
		})
	}
}

func changed(old, new string) func(*testing.T, []byte) []byte {
	return func(t *testing.T, text []byte) []byte {
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("the file has no %q", old)
		}
		return bytes.Replace(text, []byte(old), []byte(new), 1)
	}
}

func edited(edit func(object) any) func(*testing.T, []byte) []byte {
	return func(t *testing.T, original []byte) []byte {
		var d object
		if err := json.Unmarshal(original, &d); err != nil {
			t.Fatal(err)
		}
		return []byte(text(t, edit(d)))
	}
}
