//go:build linux

package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// calls tries what the filter refuses and says what came of it.
func calls([]string) int {
	_, _, errno := unix.Syscall(unix.SYS_MEMFD_CREATE, 0, 0, 0)
	fmt.Println("memory", errno == unix.EPERM)
	_, _, errno = unix.Syscall(unix.SYS_SHMGET, 0, 4096, unix.IPC_CREAT)
	fmt.Println("shared", errno == unix.EPERM)
	_, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_USER_KEYRING, false)
	fmt.Println("keys", err == unix.EPERM)
	_, _, errno = unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0)
	fmt.Println("ring", errno == unix.EPERM)
	_, _, errno = unix.Syscall(unix.SYS_GETPID|x32Bit, 0, 0, 0)
	fmt.Println("other set", errno == unix.EPERM)
	return 0
}

func TestSystemCallsAreRefused(t *testing.T) {
	needSandbox(t)
	result := sh(t, Options{Show: []string{executable(t)}, Script: "HOPLAB_ROLE=calls " + executable(t)})
	if text := string(result.Output); strings.Count(text, " true\n") != 5 || strings.Contains(text, "false") {
		t.Errorf("got %s", text)
	}
}

func init() { moreRoles["calls"] = calls }
