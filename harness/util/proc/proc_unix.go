//go:build unix

package proc

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"syscall"
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

// Pause stops the group that pid leads until Resume.
func Pause(pid int) error { return syscall.Kill(-pid, syscall.SIGSTOP) }

// Resume has the group that pid leads go on.
func Resume(pid int) error { return syscall.Kill(-pid, syscall.SIGCONT) }

// Alive reports whether a process runs. One that has ended doesn't, even if its
// parent hasn't asked for its exit code yet.
func Alive(pid int) bool {
	if syscall.Kill(pid, 0) == syscall.ESRCH {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		// Either there is no /proc here, and the signal is all there is to ask, or
		// the process has gone since.
		return syscall.Kill(pid, 0) != syscall.ESRCH
	}
	// The state follows the name, which is in parentheses and may hold anything
	// (proc(5)).
	after := stat[bytes.LastIndexByte(stat, ')')+1:]
	return !bytes.HasPrefix(after, []byte(" Z")) && !bytes.HasPrefix(after, []byte(" X"))
}
