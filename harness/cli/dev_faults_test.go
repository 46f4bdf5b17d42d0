package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/experiment/fault"
)

func TestFaultsUsage(t *testing.T) {
	ownRuns(t)
	page := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(page, []byte("no place"), 0o644); err != nil {
		t.Fatal(err)
	}
	runLab(t, "dev", "faults", "--only", "(").want(t, exitUsage, "--only", "missing closing )")
	runLab(t, "dev", "faults", "--only", "kill rabbitmq").want(t, exitUsage, "matches no fault", "--list prints")
	runLab(t, "dev", "faults", "--rate", "-1").want(t, exitUsage, "--rate is -1")
	runLab(t, "dev", "faults", "--update", page).want(t, exitUsage, "has no place for the table of faults", fault.Place.Begin)
	runLab(t, "dev", "faults", "--runtime", "attach", "--only", "kill kafka").want(t, exitUsage, "neither killed nor paused")
	all, short := runLab(t, "dev", "faults", "--list"), runLab(t, "dev", "faults", "--list", "--short", "--only", "^kill")
	if n := strings.Count(all.out, "\n"); n != len(fault.Cases()) {
		t.Errorf("--list prints %d faults, want %d", n, len(fault.Cases()))
	}
	if n := strings.Count(short.out, "kill "); n != 8 || strings.Contains(short.out, "pause") {
		t.Errorf("--short --only ^kill: %s", short.out)
	}
}

// TestDocsHaveTheFaults: each fault has its line in the page's table, as the command
// has written it.
func TestDocsHaveTheFaults(t *testing.T) {
	table, err := fault.Place.Read(filepath.Join(root, "docs", "faults.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range fault.Cases() {
		if !strings.Contains(table, "| "+c.Name+" ") {
			t.Errorf("docs/faults.md lacks %q: lab dev faults --update docs/faults.md", c.Name)
		}
	}
	if strings.Contains(table, "Wrong") {
		t.Error("docs/faults.md shows a broken guarantee")
	}
}
