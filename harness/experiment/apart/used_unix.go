//go:build unix

package apart

import (
	"runtime"
	"syscall"
	"time"
)

// rssUnit is that of getrusage's ru_maxrss: KiB, but for macOS.
var rssUnit = map[bool]int64{true: 1, false: 1 << 10}[runtime.GOOS == "darwin"]

// used returns this process's CPU time, and how many bytes were resident at most.
func used() (cpu time.Duration, peak int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0 // it fails for a wrong argument only
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), int64(u.Maxrss) * rssUnit
}
