package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPreview draws the index that a run has left.
func TestPreview(t *testing.T) {
	heavy(t)
	ownRuns(t) // a stack of one's own has the panels' index, a shared one doesn't
	runLab(t, "run", "--keep").want(t, exitOK)
	dir := t.TempDir()
	drawn := runLab(t, "preview", "--out", dir, "--svg", "--png", "--json")
	drawn.want(t, exitOK, "panel 6 of 6", "panel 9 of 9", "written: "+filepath.Join(dir, "preview.html"))
	var said previewJSON
	if err := json.Unmarshal([]byte(drawn.out), &said); err != nil || len(said.Written) != 31 || len(said.Panels) != 15 {
		t.Fatalf("%v, %+v", err, said)
	}
	for _, path := range said.Written {
		if info, err := os.Stat(path); err != nil || info.Size() < 1000 || filepath.Ext(path) != ".html" && info.Size() > 150_000 {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	for _, p := range said.Panels {
		if !p.Checked || len(p.Problems) > 0 || len(p.Points) == 0 {
			t.Errorf("panel %s: %+v", p.ID, p)
		}
	}
	page := filepath.Join(dir, "other", "page.html")
	runLab(t, "preview", "--out", page, "--rows", "500", "--seed", "9").want(t, exitFailed, "15 panels don't show", "--check=false")
	if text, err := os.ReadFile(page); err != nil || !strings.Contains(string(text), "0 of 6 panels passed") {
		t.Errorf("the page of a failed check: %v", err)
	}
	runLab(t, "preview", "--check=false", "--rows", "3000", "--seed", "1").want(t, exitOK)
	runLab(t, "preview", "--index", "nothing").want(t, exitError, `index "nothing"`, "holds no document", "next:")
}

// TestPreviewUnreachable: nothing listens there.
func TestPreviewUnreachable(t *testing.T) {
	ownRuns(t)
	path := filepath.Join(t.TempDir(), "attach.yaml")
	if err := os.WriteFile(path, []byte("components:\n  elasticsearch: {address: 127.0.0.1:1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	runLab(t, "preview", "--attach", path, "--out", t.TempDir()).want(t, exitError, "127.0.0.1:1", "connection refused", "next:")
}
