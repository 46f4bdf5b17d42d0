package sandbox

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestKernelMemoryEndsTheScript: what Linux counts for no process is limited as well. Each script
// would hold hundreds of megabytes until its time is up.
func TestKernelMemoryEndsTheScript(t *testing.T) {
	needSandbox(t)
	for _, c := range []struct {
		name, script string
		memory       int64
		want         Limit
	}{
		// With the race detector, the processes themselves take over 256 MiB.
		{"filled sockets of many processes", "for i in $(seq 24); do HOPLAB_ROLE=pairs '%[1]s' & done; wait", 1 << 30, Sockets},
		{"tables of pages that are only read", "HOPLAB_ROLE=tables '%[1]s'", 256 << 20, Memory},
	} {
		result := sh(t, Options{Show: []string{executable(t)}, Script: fmt.Sprintf(c.script, executable(t)),
			Limits: Limits{Wall: 30 * time.Second, Memory: c.memory}})
		if result.Limit != c.want {
			t.Errorf("%s: limit %q, want %q: %.300s", c.name, result.Limit, c.want, result.Output)
		}
	}
}

// pairs fills pairs of sockets, as many as one process may have, and keeps them.
func pairs([]string) int {
	text := make([]byte, 64<<10)
	for range 50 {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			break
		}
		for _, fd := range fds {
			for n := 1; n > 0; {
				n, _ = unix.Write(fd, text)
			}
		}
	}
	time.Sleep(2 * time.Second)
	return 0
}

// readPages reads one byte of every two megabytes of memory that nobody has written: each
// takes a page for the table that says where it is.
func readPages([]string) int {
	const step, size = 2 << 20, 256 << 30
	memory, err := unix.Mmap(-1, 0, size, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_NORESERVE)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	sum := 0
	for at := 0; at < size; at += step {
		sum += int(memory[at])
	}
	time.Sleep(2 * time.Second)
	return sum
}

func init() { moreRoles["pairs"], moreRoles["tables"] = pairs, readPages }
