package local

import (
	"os/exec"
	"path/filepath"
	"testing"

	"hoplab.example/harness/util/proc"
)

func TestSweepKillsOnlyTheRunsOwn(t *testing.T) {
	dir := t.TempDir()
	own := sleeper(t, dir)
	other := sleeper(t, "elsewhere")
	for name, cmd := range map[string]*exec.Cmd{"own": own, "other": other} {
		if err := notePID(filepath.Join(dir, name+".log"), cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
	}
	Sweep(dir)
	own.Wait()
	if !proc.Alive(other.Process.Pid) {
		t.Error("Sweep killed a process that isn't the run's")
	}
	proc.Kill(other.Process.Pid)
	other.Wait()
}

// sleeper starts a process whose command line holds word.
func sleeper(t *testing.T, word string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", "sleep 60; true", word)
	proc.Lead(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}
