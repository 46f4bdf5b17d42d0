package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPanel(t *testing.T) {
	work := t.TempDir()
	panel := func(args ...string) result {
		return runLab(t, append([]string{"panel", "--work", work, "--student", "ann"}, args...)...)
	}
	panel("3").want(t, exitUsage, "lab 3 has no dashboard")
	panel("6", "Rows by activity").want(t, exitUsage, "give the panel's title and what it shows")
	panel("6", "--show", "count").want(t, exitUsage, "give the panel's title and what it shows")
	panel("6", "x", "--show", "mean of x").want(t, exitUsage, `--show: "mean of x": want a text`)
	panel("6", "x", "--over", "x by y").want(t, exitUsage, "--over: ")
	panel("6", "x", "--show", "count").want(t, exitFailed, "dashboard.json: no panel has the title", "next: 'lab panel 6' lists")
	if r := panel("6"); r.code != exitOK || !strings.Contains(r.out, "\nTODO  Rows by activity\n") || !strings.HasPrefix(r.out, "      Accelerometer") {
		t.Errorf("%d\n%s%s", r.code, r.out, r.err)
	}
	panel("6", "Rows by activity", "--over", "usid").want(t, exitOK, `the panel "Rows by activity" is changed`)
	panel("5", "Rows by subject", "--show", "count", "--over", "usid", "--where", "").want(t, exitOK, `is new, since no other`)
	if r := panel("6"); !strings.Contains(r.out, "\n      Rows by activity\n") {
		t.Errorf("%s%s", r.out, r.err)
	}
	if r := panel("5"); !strings.HasSuffix(r.out, "\n      Rows by subject\n") {
		t.Errorf("%s%s", r.out, r.err)
	}
	if err := os.WriteFile(filepath.Join(work, "06-grafana", "dashboard.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	panel("6").want(t, exitFailed, "dashboard.json: ")
}
