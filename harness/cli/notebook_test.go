package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/course"
)

// TestNotebook runs a copy of lab 3's page, in which one output is wrong: it
// fails, is refreshed, and then is what it was, wildcards included.
func TestNotebook(t *testing.T) {
	sharedRun(t)
	text, err := os.ReadFile(filepath.Join(root, "labs/03-flink/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	const right, wrong = "\n    9600 ", "\n    9599 "
	if strings.Count(string(text), right) != 1 {
		t.Fatalf("the page doesn't show %q once", right)
	}
	page := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(page, []byte(strings.Replace(string(text), right, wrong, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	failed := runLab(t, "notebook", "3", "--page", page)
	failed.want(t, exitFailed, "cells have not passed")
	for _, want := range []string{"passed", "failed", "count", "-     9599", "+     9600", "skipped"} {
		if !strings.Contains(failed.out, want) {
			t.Errorf("it doesn't say %q:\n%s", want, failed.out)
		}
	}
	runLab(t, "notebook", "3", "--page", filepath.Dir(page), "--update").want(t, exitOK, "was updated")
	if now, err := os.ReadFile(page); err != nil || string(now) != string(text) {
		t.Errorf("the refreshed page isn't the right one: %v\n%s", err, now)
	}
	passed := runLab(t, "notebook", "flink", "--page", page)
	passed.want(t, exitOK)
	if strings.Contains(passed.out, "failed") || !strings.Contains(passed.out, "latest") {
		t.Errorf("the refreshed page:\n%s", passed.out)
	}
}

// TestNotebookKeep: the servers that notebook has started end with it, unless --keep
// is given. Lab 1 needs a broker only.
func TestNotebookKeep(t *testing.T) {
	runs := ownRuns(t)
	page := filepath.Join(t.TempDir(), "README.md")
	text := "```sh\necho right\n```\n\n```text output\nwrong\n```\n"
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	runLab(t, "notebook", "1", "--page", page).want(t, exitFailed, "cells have not passed")
	nothingLeft(t, runs)
	runLab(t, "notebook", "1", "--page", page, "--keep").want(t, exitFailed, "cells have not passed")
	runLab(t, "notebook", "1", "--page", page, "--update").want(t, exitOK, `using the run "lab"`, "was updated")
	runLab(t, "down").want(t, exitOK, "lab is down")
	nothingLeft(t, runs)
}

// TestNotebookThatComesWithLab: without a checkout, lab has the pages itself.
func TestNotebookThatComesWithLab(t *testing.T) {
	t.Chdir(t.TempDir())
	l, err := findLab("3", labsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	folder, dir, err := notebookOptions{}.folder(l)
	if err != nil || dir != "" {
		t.Fatalf("%q, %v", dir, err)
	}
	if _, err := course.CheckPage(folder); err != nil {
		t.Error(err)
	}
}
