package cli

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk has the runs on a file system of a few megabytes: enough for a
// keeper to begin, too little for the servers.
func TestFullDisk(t *testing.T) {
	heavy(t)
	if os.Geteuid() != 0 {
		t.Skip("skipped because only root can mount a small file system")
	}
	runs := ownRuns(t)
	if err := os.Mkdir(runs, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", runs, "tmpfs", 0, "mode=0711,size="+programSize(t)); err != nil {
		t.Skipf("skipped because a small file system can't be mounted: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(runs, 0) })
	r := runLab(t, "run")
	r.want(t, exitError, "no space left on device", "next: make room")
	if strings.Contains(r.err, "goroutine") {
		t.Errorf("it panicked:\n%s", r.err)
	}
	nothingLeft(t, runs)
}

// programSize is the room that the keeper's copy of this program takes, with
// next to nothing more.
func programSize(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Clean(self))
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(info.Size()+64<<10, 10)
}
