package cli

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFetchArguments(t *testing.T) {
	t.Setenv("HOPLAB_CACHE", t.TempDir())
	file := filepath.Join(t.TempDir(), "servers.tar")
	runLab(t, "fetch", "--from", file, "--all").want(t, exitUsage, "--from takes what is in its file")
	runLab(t, "fetch", "--stack", "newest").want(t, exitUsage, `no stack "newest"`)
	runLab(t, "fetch", "--from", file).want(t, exitError, "no such file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	runLab(t, "fetch", "--from", file).want(t, exitError, "no artefact of this version of hoplab")
}
