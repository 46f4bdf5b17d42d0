package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/labs"
)

// TestPreviewOfALab draws a student's own dashboard, over the student's own rows.
func TestPreviewOfALab(t *testing.T) {
	sharedRun(t)
	work := t.TempDir()
	args := func(lab string) []string {
		return []string{"preview", lab, "--once", "--student", "ada", "--work", work}
	}
	runLab(t, args("6")...).want(t, exitFailed, "dashboard.json", "TODO")
	for _, name := range []string{"datasource.yaml", "dashboard.json"} {
		_, text, err := labs.Solution("06-grafana", name)
		if err == nil {
			err = os.WriteFile(filepath.Join(work, "06-grafana", name), text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	page := filepath.Join(work, "06-grafana.html")
	runLab(t, args("6")...).want(t, exitOK, "panel 9 of 9", "written: "+page)
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "9 of 9 panels passed") {
		t.Errorf("the page: %v", err)
	}
}

// TestPreviewOfALabRefused: nothing is started for what can't be drawn.
func TestPreviewOfALabRefused(t *testing.T) {
	ownRuns(t)
	runLab(t, "preview", "3", "--work", t.TempDir()).want(t, exitUsage, "lab 3 has no dashboard", "lab preview 6")
	runLab(t, "preview", "6", "--rows", "5", "--work", t.TempDir()).want(t, exitUsage, "without --rows")
}
