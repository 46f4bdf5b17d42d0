package sandbox

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	watchPause = 50 * time.Millisecond
	// socketPause is short: sockets are made and filled faster than memory.
	socketPause = 10 * time.Millisecond
	// clockTick is the unit of times in /proc: 100 per second for programs on every
	// machine (USER_HZ).
	clockTick = 10 * time.Millisecond
)

// use is what processes use.
type use struct {
	cpu    time.Duration
	memory int64 // bytes, without what is swapped out
}

// watch ends everything once a limit is reached that Linux has only per process, or
// not at all.
func (f *first) watch() {
	ticker := time.NewTicker(watchPause)
	defer ticker.Stop()
	for round := 0; ; round++ {
		<-ticker.C
		if limit := exceeded(processes(), f.job.Limits); limit != "" {
			f.end(report{Exit: -1, Limit: limit})
		}
		if crowded(Home, f.job.Limits) {
			f.end(report{Exit: -1, Limit: Disk})
		}
	}
}

func exceeded(u use, l Limits) Limit {
	switch {
	case u.memory > l.Memory:
		return Memory
	case u.cpu > l.CPU:
		return CPUTime
	}
	return ""
}

// watchSockets ends everything once there are too many sockets. Linux counts what is in
// them for no process.
func (f *first) watchSockets() {
	ticker := time.NewTicker(socketPause)
	defer ticker.Stop()
	for {
		<-ticker.C
		if sockets() > f.job.Limits.Sockets {
			f.end(report{Exit: -1, Limit: Sockets})
		}
	}
}

// sockets counts those of this network namespace, also while they are on their way
// from one process to another. Source: proc_pid_net(5), sockstat.
func sockets() (n int) {
	text, err := os.ReadFile("/proc/self/net/sockstat")
	if err != nil {
		return math.MaxInt
	}
	fmt.Sscanf(string(text), "sockets: used %d", &n)
	return n
}

// processes adds up what all processes inside use except the first, and what those
// used that have ended.
func processes() use {
	var sum use
	var ended unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_CHILDREN, &ended); err == nil {
		sum.cpu = time.Duration(ended.Utime.Nano() + ended.Stime.Nano())
	}
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		if pid, err := strconv.Atoi(entry.Name()); err == nil && pid > 1 {
			text, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
			if err == nil { // it may just have ended
				one := parseStat(string(text))
				sum.cpu, sum.memory = sum.cpu+one.cpu, sum.memory+one.memory+tables(entry.Name())
			}
		}
	}
	return sum
}

// tables is how many bytes the page tables of a process take: much for memory that is
// only read, and that counts as none. Source: proc_pid_status(5), VmPTE.
func tables(pid string) int64 {
	text, _ := os.ReadFile(filepath.Join("/proc", pid, "status"))
	_, after, _ := strings.Cut(string(text), "\nVmPTE:")
	var kib int64
	fmt.Sscan(after, &kib)
	return kib << 10
}

// parseStat reads /proc/PID/stat. Its second field is the program's name in
// parentheses, which can hold spaces and parentheses too. Source: proc(5),
// fields 14 to 17 (utime, stime, cutime, cstime) and 24 (rss, in pages).
func parseStat(text string) use {
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 22 {
		return use{}
	}
	number := func(field int) int64 {
		n, _ := strconv.ParseInt(fields[field-3], 10, 64)
		return n
	}
	ticks := number(14) + number(15) + number(16) + number(17)
	return use{cpu: time.Duration(ticks) * clockTick, memory: number(24) * int64(os.Getpagesize())}
}

// crowded reports whether a file system holds more than the limits allow. It counts
// deleted files that are still open too.
func crowded(dir string, l Limits) bool {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return true
	}
	return int64(stat.Blocks-stat.Bfree)*stat.Bsize > l.Disk || int64(stat.Files-stat.Ffree) > int64(l.Files)
}
