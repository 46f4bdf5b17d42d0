//go:build unix

package proc

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hoplab.example/harness/util/wait"
)

// Lead has cmd lead a group of its own when it is started.
func Lead(cmd *exec.Cmd) { attributes(cmd).Setpgid = true }

// Detach is Lead for a process that outlives the terminal: Ctrl-C doesn't reach it.
func Detach(cmd *exec.Cmd) { attributes(cmd).Setsid = true }

func attributes(cmd *exec.Cmd) *syscall.SysProcAttr {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd.SysProcAttr
}

// Kill ends the group that pid leads at once. The error is of one that is gone.
func Kill(pid int) error { return syscall.Kill(-pid, syscall.SIGKILL) }

// Terminate asks the group that pid leads to end.
func Terminate(pid int) error { return syscall.Kill(-pid, syscall.SIGTERM) }

// pauseLimit is how long a process may take to stop after SIGSTOP.
const pauseLimit = 5 * time.Second

// Pause stops the group that pid leads until Resume. Where there is a /proc, it returns
// once each thread of pid has stopped: until then one may still answer.
func Pause(pid int) error {
	if err := syscall.Kill(-pid, syscall.SIGSTOP); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), pauseLimit)
	defer cancel()
	err := wait.Until(ctx, time.Millisecond, func() (bool, error) { return stopped(pid), nil })
	if err != nil {
		return fmt.Errorf("process %d hasn't stopped within %v: %w", pid, pauseLimit, err)
	}
	return nil
}

// stopped reports whether no thread of pid runs, or /proc doesn't say.
func stopped(pid int) bool {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", pid))
	for _, path := range threads {
		if !strings.ContainsRune("\x00TtZX", rune(state(path))) {
			return false
		}
	}
	return true
}

// state returns the letter for a state in a stat file of /proc, 0 where there is none.
// It follows the name, which is in parentheses and may hold anything (proc(5)).
func state(path string) byte {
	stat, err := os.ReadFile(path)
	end := bytes.LastIndexByte(stat, ')') + len(") ")
	if err != nil || end >= len(stat) {
		return 0
	}
	return stat[end]
}

// Resume has the group that pid leads go on.
func Resume(pid int) error { return syscall.Kill(-pid, syscall.SIGCONT) }

// Alive reports whether a process runs. One that has ended doesn't, even if its
// parent hasn't asked for its exit code yet.
func Alive(pid int) bool {
	if syscall.Kill(pid, 0) == syscall.ESRCH {
		return false
	}
	switch state(fmt.Sprintf("/proc/%d/stat", pid)) {
	case 0: // there is no /proc here, or the process has gone since
		return syscall.Kill(pid, 0) != syscall.ESRCH
	case 'Z', 'X':
		return false
	}
	return true
}
