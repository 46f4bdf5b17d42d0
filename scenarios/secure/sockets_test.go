package secure

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// socket is one on which a process takes connections.
type socket struct {
	at      netip.AddrPort
	process string // its number and the beginning of its command line
}

// listening returns the TCP sockets of the processes, from what Linux writes in
// /proc (proc(5): net/tcp and net/tcp6).
func listening(t *testing.T, pids []int) (found []socket) {
	t.Helper()
	for _, pid := range pids {
		dir := fmt.Sprintf("/proc/%d", pid)
		open := inodes(t, dir)
		for _, table := range []string{"tcp", "tcp6"} {
			for inode, at := range listeners(t, filepath.Join(dir, "net", table)) {
				if open[inode] {
					found = append(found, socket{at, fmt.Sprintf("%d %.120s", pid, command(dir))})
				}
			}
		}
	}
	return found
}

// inodes are those of the sockets that a process has open.
func inodes(t *testing.T, dir string) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		if os.IsNotExist(err) {
			return nil // it has ended
		}
		t.Fatal(err)
	}
	open := map[string]bool{}
	for _, e := range entries {
		target, _ := os.Readlink(filepath.Join(dir, "fd", e.Name()))
		if inode, ok := strings.CutPrefix(target, "socket:["); ok {
			open[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return open
}

const stateListen = "0A"

// listeners returns the addresses of a table's sockets that listen, by inode.
func listeners(t *testing.T, table string) map[string]netip.AddrPort {
	t.Helper()
	file, err := os.Open(table)
	if err != nil {
		return nil // it has ended, or there is no IPv6
	}
	defer file.Close()
	found := map[string]netip.AddrPort{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		f := strings.Fields(lines.Text())
		if len(f) > 9 && f[3] == stateListen {
			found[f[9]] = address(t, f[1])
		}
	}
	return found
}

// address reads an address such as 0100007F:1F90. Each four bytes are in the machine's
// order, which is little-endian wherever hoplab runs.
func address(t *testing.T, text string) netip.AddrPort {
	t.Helper()
	host, port, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(host)
	number, err2 := strconv.ParseUint(port, 16, 16)
	if err != nil || err2 != nil {
		t.Fatalf("%q isn't an address", text)
	}
	for i := 0; i+3 < len(bytes); i += 4 {
		slices.Reverse(bytes[i : i+4])
	}
	addr, ok := netip.AddrFromSlice(bytes)
	if !ok {
		t.Fatalf("%q isn't an address", text)
	}
	return netip.AddrPortFrom(addr.Unmap(), uint16(number))
}

func command(dir string) string {
	text, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
	return strings.ReplaceAll(string(text), "\x00", " ")
}

// family returns a process and all that it has started.
func family(t *testing.T, first int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		after := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		parent, _ := strconv.Atoi(after[1])
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		children[parent] = append(children[parent], pid)
	}
	all := []int{first}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all
}
