package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/util/need"
)

func TestImages(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because of -short: it needs a container engine")
	}
	ownRuns(t)
	engine, err := image.NewEngine(t.Context())
	if err != nil {
		need.Engine.Skip(t, err)
	}
	engine.Close()
	listed := runLab(t, "images", "--json")
	listed.want(t, exitOK)
	var lines []imageLine
	if err := json.Unmarshal([]byte(listed.out), &lines); err != nil || len(lines) < 7 || lines[0].Component != "mosquitto" {
		t.Errorf("%v: %s", err, listed.out)
	}
	file := filepath.Join(t.TempDir(), "images.tar")
	if err := os.WriteFile(file, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	runLab(t, "images", "load", file).want(t, exitError, "load the images in "+file)
	runLab(t, "images", "save", filepath.Join(file, "images.tar")).want(t, exitError)
}

// TestNoEngineForImages: without an engine each of the commands says what to do.
func TestNoEngineForImages(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "docker.sock"))
	for _, args := range []string{"images", "images pull", "images save x", "images load x"} {
		runLab(t, strings.Fields(args)...).want(t, exitError, "no container engine answers", "next: ")
	}
}
