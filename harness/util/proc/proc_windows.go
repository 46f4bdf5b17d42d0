package proc

import (
	"errors"
	"fmt"
	"os/exec"
	"strconv"
	"syscall"
)

// Windows' numbers: CREATE_NEW_PROCESS_GROUP ("Process Creation Flags"), and
// STILL_ACTIVE (GetExitCodeProcess).
const (
	newGroup    = 0x200
	stillActive = 259
)

// Lead has cmd lead a group of its own when it is started.
func Lead(cmd *exec.Cmd) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.CreationFlags |= newGroup
}

// Detach is Lead: Windows sends Ctrl-C to groups.
func Detach(cmd *exec.Cmd) { Lead(cmd) }

// Kill ends pid and what it has started at once.
func Kill(pid int) error {
	out, err := exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskkill: %w: %s", err, out)
	}
	return nil
}

// Terminate is Kill: Windows has no signal that asks a process to end.
func Terminate(pid int) error { return Kill(pid) }

var errNoPause = errors.New("Windows can't pause a process: run hoplab in WSL 2, or with --runtime containers")

// Pause can't be done.
func Pause(int) error { return errNoPause }

// Resume can't be done.
func Resume(int) error { return errNoPause }

// Alive reports whether a process runs.
func Alive(pid int) bool {
	handle, err := syscall.OpenProcess(syscall.PROCESS_QUERY_INFORMATION, false, uint32(pid))
	if err != nil {
		return false
	}
	defer syscall.CloseHandle(handle)
	var code uint32
	return syscall.GetExitCodeProcess(handle, &code) == nil && code == stillActive
}
