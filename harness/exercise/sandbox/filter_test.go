//go:build linux

package sandbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// calls tries system calls and prints whether the filter did what it must.
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
	fmt.Println("limits of the first process", errors.Is(unix.Prlimit(1, unix.RLIMIT_NOFILE, &unix.Rlimit{}, nil), unix.EPERM))
	fmt.Println("limits of its own", unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &unix.Rlimit{}) == nil)
	_, err = unix.Mmap(-1, 0, 4096, unix.PROT_READ, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	fmt.Println("shared memory", err == unix.EPERM)
	_, err = unix.Mmap(-1, 0, 4096, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	fmt.Println("private memory", err == nil)
	for family, want := range map[int]error{
		unix.AF_VSOCK: unix.EPERM, unix.AF_ALG: unix.EPERM, unix.AF_PACKET: unix.EPERM,
		unix.AF_UNIX: nil, unix.AF_INET: nil, unix.AF_INET6: nil,
	} {
		_, err := unix.Socket(family, unix.SOCK_DGRAM, 0)
		fmt.Println("sockets of family", family, err == want)
	}
	return 0
}

func TestSystemCallsAreRefused(t *testing.T) {
	needSandbox(t)
	result := sh(t, Options{Show: []string{executable(t)}, Script: "HOPLAB_ROLE=calls " + executable(t)})
	if text := string(result.Output); strings.Count(text, " true\n") != 15 || strings.Contains(text, "false") {
		t.Errorf("got %s", text)
	}
}

func init() { moreRoles["calls"] = calls }
