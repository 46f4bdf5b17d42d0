package keeper

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// swept returns what the next look at a folder of runs says.
func swept(t *testing.T, runs string) string {
	t.Helper()
	var said []string
	if _, err := List(t.Context(), runs, func(what string) { said = append(said, what) }); err != nil {
		t.Fatal(err)
	}
	return strings.Join(said, "\n")
}

// TestRemovedFolder: somebody removes the folder of a run that is up. Its servers end, and
// the next command says so, once.
func TestRemovedFolder(t *testing.T) {
	dir := folder(t)
	state := ensure(t, begin(t, Config{Dir: dir}))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, state.PID)
	awaitGone(t, state.Components["mosquitto"].PID)
	runs, name := filepath.Split(dir)
	if said := swept(t, runs); said != "the folder of the run "+name+" was removed while it was up: its servers were ended" {
		t.Errorf("the next command says %q", said)
	}
	if said := swept(t, runs); said != "" {
		t.Errorf("the one after it says %q", said)
	}
}

// TestRestartedMachine: the folder names a keeper whose number another process has by now.
func TestRestartedMachine(t *testing.T) {
	dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "kafka"), 0o755); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(endpoint{PID: os.Getpid(), Addr: "127.0.0.1:1", Token: "old"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, endpointFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if said := swept(t, filepath.Dir(dir)); !strings.Contains(said, "the machine restarted") {
		t.Errorf("the next command says %q", said)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what the run left is still there: %v", err)
	}
	state := ensure(t, begin(t, Config{Dir: dir})) // and the name can be used again
	if state.Components["mosquitto"] == nil {
		t.Errorf("state = %+v", state)
	}
}
