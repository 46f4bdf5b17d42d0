// Package usage reads what processes have used: CPU time, and on Linux, which alone
// reports it for other processes, their peak resident memory.
package usage

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// CPU is how long processes have computed: in their own code, and in the system's for
// them.
type CPU struct {
	User   time.Duration `json:"user_ns"`
	System time.Duration `json:"system_ns"`
}

// Sum returns both together.
func (c CPU) Sum() time.Duration { return c.User + c.System }

// Less returns what has come since before.
func (c CPU) Less(before CPU) CPU { return CPU{c.User - before.User, c.System - before.System} }

// CPUOf returns the CPU time of one process. It reports false where the system doesn't say.
func CPUOf(pid int) (CPU, bool) {
	p, err := process.NewProcess(int32(pid))
	if err != nil {
		return CPU{}, false
	}
	times, err := p.Times()
	if err != nil {
		return CPU{}, false
	}
	return CPU{seconds(times.User), seconds(times.System)}, true
}

// TreeCPU returns the CPU time of a process and of all that it has started and that still
// run.
func TreeCPU(pid int) (CPU, bool) {
	sum, known := CPUOf(pid)
	for _, child := range children(pid) {
		if c, known := TreeCPU(child); known {
			sum.User, sum.System = sum.User+c.User, sum.System+c.System
		}
	}
	return sum, known
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// TreePeak returns the peak memory of a process and of all that it has started and that
// still run, added up, in bytes. It reports false where the system doesn't say.
func TreePeak(pid int) (int64, bool) {
	sum, known := Peak(pid)
	if !known {
		return 0, false
	}
	for _, child := range children(pid) {
		if bytes, known := TreePeak(child); known {
			sum += bytes
		}
	}
	return sum, true
}

// Peak returns the peak memory of one process, in bytes: VmHWM of /proc/PID/status, see
// proc_pid_status(5).
func Peak(pid int) (int64, bool) {
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

// ResetPeak sets a process's peak to what it has resident now. Where the system can't,
// the peak stays as it is.
func ResetPeak(pid int) {
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
