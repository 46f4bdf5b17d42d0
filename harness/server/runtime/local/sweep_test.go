package local

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
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
	if syscall.Kill(other.Process.Pid, 0) != nil {
		t.Error("Sweep killed a process that isn't the run's")
	}
	syscall.Kill(-other.Process.Pid, syscall.SIGKILL)
	other.Wait()
}

// sleeper starts a process whose command line holds word.
func sleeper(t *testing.T, word string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", "sleep 60; true", word)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}
