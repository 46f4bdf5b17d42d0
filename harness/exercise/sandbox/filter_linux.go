package sandbox

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// architectures are Linux's numbers of the architectures whose calls are filtered.
// Source: linux/audit.h.
var architectures = map[string]uint32{
	"amd64":   unix.AUDIT_ARCH_X86_64,
	"arm64":   unix.AUDIT_ARCH_AARCH64,
	"riscv64": unix.AUDIT_ARCH_RISCV64,
}

// refused are system calls that the namespaces and limits don't cover: the user's
// keys in the kernel, memory that isn't counted for any process, and parts of the
// kernel that a script doesn't need.
var refused = []uint32{
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET, unix.SYS_SHMGET, unix.SYS_MSGGET,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP,
}

// Where Linux gives a filter the call: offsets in struct seccomp_data of
// linux/seccomp.h.
const (
	callOffset = 0
	archOffset = 4
	x32Bit     = 0x40000000 // in the numbers of amd64's second set of calls
)

// filterCalls makes the refused calls fail with EPERM, and all calls of another
// architecture, whose numbers have other meanings. It needs no_new_privs.
func filterCalls() error {
	deny := unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	jump := func(test uint16, k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: k, Jt: yes, Jf: no}
	}
	program := []unix.SockFilter{
		load(archOffset), jump(unix.BPF_JEQ, architectures[runtime.GOARCH], 1, 0), deny,
		load(callOffset), jump(unix.BPF_JGE, x32Bit, 0, 1), deny,
	}
	for _, call := range refused {
		program = append(program, jump(unix.BPF_JEQ, call, 0, 1), deny)
	}
	program = append(program, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	return install(program)
}
