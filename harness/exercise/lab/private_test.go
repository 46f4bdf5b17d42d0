package lab

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// private returns the lab of good with a private folder of these files.
func private(t *testing.T, hidden map[string]string) (Set, error) {
	t.Helper()
	s, err := In(files(good), ".")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range hidden {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return s.WithPrivate(dir)
}

// TestPrivate: a teacher's checks and solution are a lab's too, and students have
// neither.
func TestPrivate(t *testing.T) {
	s, err := private(t, map[string]string{
		"03-flink/checks.yaml":         "checks:\n  - {id: secret, title: Hidden., run: sql, points: 4, after: [rows], rationale: why}\n",
		"03-flink/solution/tables.sql": "SELECT 2",
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Read("03-flink")
	if err != nil || len(l.Checks) != 3 || !l.Checks[2].Hidden || l.Points() != 9 || l.Practice().Points() != 2 {
		t.Fatalf("%+v, %v", l, err)
	}
	if label, text, err := l.Folder.Solution("tables.sql"); string(text) != "SELECT 2" || label != "03-flink/solution/tables.sql" {
		t.Errorf("%s: %s, %v", label, text, err)
	}
}

func TestPrivateErrors(t *testing.T) {
	for text, want := range map[string]string{
		"checks:\n  - {id: rows, title: T, run: sql, rationale: why}\n": "03-flink/checks.yaml:2: check 3 (rows): another check has that id",
		"checks:\n  - {id: new, title: T, runs: sql}\n":                 "03-flink/checks.yaml:2: there is no key runs here",
		"\xff": "03-flink/checks.yaml:1: this isn't UTF-8",
	} {
		s, err := private(t, map[string]string{"03-flink/checks.yaml": text})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read("03-flink"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := private(t, map[string]string{"09-other/checks.yaml": ""}); err == nil || !strings.Contains(err.Error(), "has 09-other, and there is no such lab") {
		t.Errorf("a private folder of another course: %v", err)
	}
}
