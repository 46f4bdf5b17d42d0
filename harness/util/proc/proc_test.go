//go:build unix

package proc

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// start has a shell that starts a child, in a group of its own, and returns both.
func start(t *testing.T, lead func(*exec.Cmd)) (cmd *exec.Cmd, child int) {
	t.Helper()
	cmd = exec.Command("sh", "-c", "sleep 300 & echo $!; wait")
	lead(cmd)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { Kill(cmd.Process.Pid) })
	if _, err := fmt.Fscan(bufio.NewReader(out), &child); err != nil {
		t.Fatal(err)
	}
	return cmd, child
}

func TestGroup(t *testing.T) {
	for name, lead := range map[string]func(*exec.Cmd){"Lead": Lead, "Detach": Detach} {
		for end, do := range map[string]func(int) error{"Kill": Kill, "Terminate": Terminate} {
			cmd, child := start(t, lead)
			pid := cmd.Process.Pid
			if !Alive(pid) || !Alive(child) {
				t.Fatalf("%s: process %d or its child %d isn't alive", name, pid, child)
			}
			for _, step := range []func(int) error{Pause, Resume, do} {
				if err := step(pid); err != nil {
					t.Errorf("%s, %s: %v", name, end, err)
				}
			}
			gone(t, pid) // though nobody has waited for it
			gone(t, child)
			cmd.Wait()
		}
	}
}

// TestPauseReturnsOnceStopped: a busy process doesn't run when Pause has returned.
func TestPauseReturnsOnceStopped(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skipf("skipped because only /proc says whether a process has stopped: %v", err)
	}
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	Lead(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { Kill(cmd.Process.Pid); cmd.Wait() }()
	for range 200 {
		if err := Pause(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
		if got := state(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid)); got != 'T' {
			t.Fatalf("after Pause its state is %c", got)
		}
		if err := Resume(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
	}
}

func gone(t *testing.T, pid int) {
	t.Helper()
	for began := time.Now(); Alive(pid); time.Sleep(time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("process %d is still alive", pid)
		}
	}
}
