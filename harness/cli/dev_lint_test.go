package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/author"
)

func TestNewAndLint(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir) // in no checkout
	runLab(t, "dev", "lint").want(t, exitUsage, "is in no checkout")
	runLab(t, "dev", "new", "08-alerts").want(t, exitUsage, "is in no checkout")

	labs := filepath.Join(dir, "labs")
	for path, text := range map[string]string{"go.mod": "module x\n", "labs/labs.go": "package labs\n"} {
		if err := os.MkdirAll(labs, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	made := runLab(t, "dev", "new", "08-alerts")
	made.want(t, exitOK)
	for _, want := range []string{filepath.Join("labs", "08-alerts", "lab.yaml") + "\n", "left to write:\n", "  labs/08-alerts/README.md:1: FIXME"} {
		if !strings.Contains(made.out, want) {
			t.Errorf("lab dev new lacks %q:\n%s", want, made.out)
		}
	}
	runLab(t, "dev", "new", "08-alerts").want(t, exitUsage, "the number 08 is already used by")

	found := runLab(t, "dev", "lint")
	found.want(t, exitFailed, "the labs have problems")
	if !strings.Contains(found.out, "1 lab, 1 check, 0 links: ") {
		t.Errorf("lab dev lint says\n%s", found.out)
	}
	runLab(t, "dev", "lint", "labs", "--except", "unwritten").want(t, exitOK)

	var report author.Report
	if err := json.Unmarshal([]byte(runLab(t, "dev", "lint", "--json").out), &report); err != nil || report.Labs != 1 || len(report.Problems) == 0 {
		t.Errorf("lab dev lint --json: %+v, %v", report, err)
	}
}

// TestLintOnAStack tries two labs; the solution of one of them isn't right.
func TestLintOnAStack(t *testing.T) {
	sharedRun(t)
	dir := t.TempDir()
	runLab(t, "dev", "new", "08-alerts", "--dir", dir).want(t, exitOK)
	runLab(t, "dev", "new", "09-more", "--dir", dir).want(t, exitOK)
	if err := os.WriteFile(filepath.Join(dir, "09-more", "solution", "answer.sql"), []byte("TODO"), 0o644); err != nil {
		t.Fatal(err)
	}
	tried := runLab(t, "dev", "lint", dir, "--run", "--except", "unwritten,file,page")
	tried.want(t, exitFailed, "trying lab 08-alerts", "trying lab 09-more")
	want := "09-more/lab.yaml:7: the solution gets 0 of the 1 point of check files (failed): 09-more/answer.sql:1: there is a TODO left to fill in\n" +
		"2 labs, 2 checks, 0 links: 1 problem\n"
	if tried.out != want {
		t.Errorf("lab dev lint --run says\n%swant\n%s", tried.out, want)
	}
}
