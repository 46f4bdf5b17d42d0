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

// limited are system calls with the values that their first argument can have: only a
// process's own limits (0), and only the families of sockets that a network namespace
// shuts in or that stay on the machine.
var limited = map[uint32][]uint32{
	unix.SYS_PRLIMIT64: {0},
	unix.SYS_SOCKET:    {unix.AF_UNIX, unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK},
}

// shared is memory that processes share without a file. Once given back it counts as no
// process's, and stays as long as it is mapped.
const shared = unix.MAP_SHARED | unix.MAP_ANONYMOUS

// Where Linux gives a filter the call: offsets in struct seccomp_data of
// linux/seccomp.h.
const (
	callOffset  = 0
	archOffset  = 4
	argOffset   = 16              // of the first argument's low half: all architectures here are little-endian
	flagsOffset = argOffset + 3*8 // of mmap's flags
	x32Bit      = 0x40000000      // in the numbers of amd64's second set of calls
)

func deny() unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
}

func allow() unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW}
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

// jump skips as many steps as yes or no says.
func jump(test uint16, k uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: k, Jt: yes, Jf: no}
}

// only denies a call unless its first argument has one of these values.
func only(call uint32, values []uint32) []unix.SockFilter {
	steps := []unix.SockFilter{load(argOffset)}
	for i, value := range values {
		steps = append(steps, jump(unix.BPF_JEQ, value, uint8(len(values)-i), 0)) // to allow
	}
	steps = append(steps, deny(), allow())
	return append([]unix.SockFilter{jump(unix.BPF_JEQ, call, 0, uint8(len(steps)))}, steps...)
}

// private denies mmap of shared memory.
func private() []unix.SockFilter {
	return []unix.SockFilter{
		jump(unix.BPF_JEQ, unix.SYS_MMAP, 0, 5),
		load(flagsOffset), {Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: shared},
		jump(unix.BPF_JEQ, shared, 0, 1), deny(), allow(),
	}
}

// filterCalls makes the refused calls fail with EPERM, and the limited ones with other
// values, and all calls of another architecture, whose numbers have other meanings. It needs no_new_privs.
func filterCalls() error {
	program := []unix.SockFilter{
		load(archOffset), jump(unix.BPF_JEQ, architectures[runtime.GOARCH], 1, 0), deny(),
		load(callOffset), jump(unix.BPF_JGE, x32Bit, 0, 1), deny(),
	}
	for _, call := range refused {
		program = append(program, jump(unix.BPF_JEQ, call, 0, 1), deny())
	}
	for call, values := range limited {
		program = append(program, only(call, values)...)
	}
	program = append(program, private()...)
	return install(append(program, allow()))
}
