package student

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

var table = lab.Lab{ID: "03-flink", Folder: lab.Folder{FS: fstest.MapFS{
	"work/a.sql":  {Data: []byte("TODO a")},
	"work/b.json": {Data: []byte("TODO b")},
}}, Files: []string{"a.sql", "b.json"}, Checks: []lab.Check{
	{ID: "files"}, {ID: "runs", Hints: []string{"vague", "plain"}, Symptoms: []lab.Symptom{{Seen: "column", Hints: []string{"columns"}}}},
}}

func book(t *testing.T) Book {
	return Book{Dir: filepath.Join(t.TempDir(), "work")}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStartNeverOverwrites(t *testing.T) {
	b := book(t)
	mine := filepath.Join(b.Folder(table), "a.sql")
	if made, err := b.Start(table); err != nil || len(made) != 2 || read(t, mine) != "TODO a" {
		t.Fatalf("made %v, %v", made, err)
	}
	if err := os.WriteFile(mine, []byte("my work"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(b.Folder(table), "b.json")); err != nil {
		t.Fatal(err)
	}
	if made, err := b.Start(table); err != nil || len(made) != 1 || filepath.Base(made[0]) != "b.json" {
		t.Errorf("made %v, %v; want b.json only", made, err)
	}
	if read(t, mine) != "my work" {
		t.Error("the student's file was overwritten")
	}
	if left, _ := filepath.Glob(filepath.Join(b.Folder(table), ".copy-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestResetKeepsACopy(t *testing.T) {
	b := book(t)
	if kept, err := b.Reset(table, time.Now()); err != nil || kept != "" {
		t.Fatalf("kept %q, %v; there was nothing", kept, err)
	}
	mine := filepath.Join(b.Folder(table), "a.sql")
	if err := os.WriteFile(mine, []byte("my work"), 0o644); err != nil {
		t.Fatal(err)
	}
	kept, err := b.Reset(table, time.Now())
	if err != nil || read(t, filepath.Join(kept, "a.sql")) != "my work" || read(t, mine) != "TODO a" {
		t.Errorf("kept %q, %v", kept, err)
	}
}

func TestStartErrors(t *testing.T) {
	b := book(t)
	empty := table
	empty.Folder.FS = fstest.MapFS{}
	if _, err := b.Start(empty); err == nil {
		t.Error("a lab without files was started")
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(b.Dir), "f"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	b.Dir = filepath.Join(filepath.Dir(b.Dir), "f")
	if _, err := b.Start(table); err == nil || !strings.Contains(err.Error(), "03-flink") {
		t.Errorf("in a file: %v", err)
	}
}

func outcome(files, runs hop.Outcome) report.Grade {
	made := report.Grade{ID: "03-flink", Checks: []report.Check{{ID: "files", Max: 1, Outcome: files}, {ID: "runs", Max: 2, Outcome: runs}}}
	for i := range made.Checks {
		if made.Checks[i].Outcome == hop.Passed {
			made.Checks[i].Points = made.Checks[i].Max
		}
	}
	return made
}

func TestProgress(t *testing.T) {
	b := book(t)
	if _, err := b.Start(table); err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for i, step := range []struct {
		result  report.Grade
		best    int
		failing string
		solved  bool
	}{
		{outcome(hop.Passed, hop.Failed), 1, "runs", false},
		{outcome(hop.Failed, hop.Skipped), 1, "files", false},
		{outcome(hop.Passed, hop.Passed), 3, "", true},
		{outcome(hop.Passed, hop.Failed), 3, "runs", true}, // what was solved stays so
	} {
		if err := b.Record(step.result, noon); err != nil {
			t.Fatal(err)
		}
		p, err := b.Progress()
		l := p["03-flink"]
		if err != nil || l.Best != step.best || l.Failing != step.failing || l.Solved.IsZero() == step.solved {
			t.Errorf("step %d: %+v, %v", i, l, err)
		}
	}
}

func TestHintsComeOneAtATime(t *testing.T) {
	b := book(t)
	if _, err := b.Start(table); err != nil {
		t.Fatal(err)
	}
	if _, hint, _, err := b.Hint(table); err != nil || hint != "" {
		t.Errorf("before any check: %q, %v", hint, err)
	}
	if err := b.Record(outcome(hop.Passed, hop.Failed), time.Now()); err != nil {
		t.Fatal(err)
	}
	next := func(i, left int, want string) {
		t.Helper()
		check, hint, more, err := b.Hint(table)
		if err != nil || check.ID != "runs" || hint != want || more != left {
			t.Errorf("hint %d: %q for %s, %d left, %v; want %q", i+1, hint, check.ID, more, err, want)
		}
	}
	for i, want := range []string{"vague", "plain", "plain"} {
		next(i, max(0, 1-i), want)
	}
	other := outcome(hop.Passed, hop.Failed)
	other.Checks[1].Reason = "no such column"
	if err := b.Record(other, time.Now()); err != nil {
		t.Fatal(err)
	}
	next(0, 0, "columns")
}

func TestDamagedProgress(t *testing.T) {
	b := book(t)
	if _, err := b.Start(table); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(b.Dir, progressFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := b.Record(outcome(hop.Passed, hop.Passed), time.Now()); err == nil || !strings.Contains(err.Error(), "remove that file to begin again") {
		t.Errorf("error = %v", err)
	}
	if read(t, filepath.Join(b.Dir, progressFile)) != "{" {
		t.Error("a file that can't be read was overwritten")
	}
}

// TestLastHint: it begins with the first, doesn't go on by itself, and Hint goes on from it.
func TestLastHint(t *testing.T) {
	b := book(t)
	if _, err := b.Start(table); err != nil {
		t.Fatal(err)
	}
	if err := b.Record(outcome(hop.Passed, hop.Failed), time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"vague", "vague", "plain", "plain", "plain"} {
		hint, _, err := b.LastHint(table)
		if want == "plain" {
			_, hint, _, err = b.Hint(table)
		}
		if err != nil || hint != want {
			t.Errorf("hint %q, %v; want %q", hint, err, want)
		}
	}
	if hint, left, err := b.LastHint(table); hint != "plain" || left != 0 || err != nil {
		t.Errorf("at the end %q, %d left, %v", hint, left, err)
	}
}
