package sandbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	watchPause = 50 * time.Millisecond
	diskPause  = 5 // of them
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
		if round%diskPause == 0 && crowded(Home, f.job.Limits) {
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
				sum.cpu, sum.memory = sum.cpu+one.cpu, sum.memory+one.memory
			}
		}
	}
	return sum
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

var errCrowded = errors.New("too much")

// crowded reports whether a folder contains more than the limits allow, or hides its
// content, for example by paths that are too long.
func crowded(dir string, l Limits) bool {
	var size int64
	var count int
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errCrowded
		}
		if err != nil { // it has just been removed
			return nil
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			size += info.Size()
		}
		if count++; size > l.Disk || count > l.Files {
			return errCrowded
		}
		return nil
	})
	return errors.Is(err, errCrowded)
}
