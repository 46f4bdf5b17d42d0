// Package memory reads the peak resident memory of processes from Linux's /proc.
// Other systems don't report it for other processes.
package memory

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Tree returns the peak of a process and of all that it has started and that
// still run, added up, in bytes. It reports false where the system doesn't say.
func Tree(pid int) (int64, bool) {
	sum, known := Of(pid)
	if !known {
		return 0, false
	}
	for _, child := range children(pid) {
		if bytes, known := Tree(child); known {
			sum += bytes
		}
	}
	return sum, true
}

// Of returns the peak of one process, in bytes: VmHWM of /proc/PID/status, see
// proc_pid_status(5).
func Of(pid int) (int64, bool) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, false
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if rest, found := strings.CutPrefix(lines.Text(), "VmHWM:"); found {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10, err == nil
		}
	}
	return 0, false
}

// Reset sets a process's peak to what it has resident now. Where the system can't,
// the peak stays as it is.
func Reset(pid int) {
	const peakRSS = "5" // see proc_pid_clear_refs(5)
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte(peakRSS), 0)
}

// children lists the processes that each thread of a process has started.
func children(pid int) []int {
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	var all []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(all, child)
			}
		}
	}
	return all
}
