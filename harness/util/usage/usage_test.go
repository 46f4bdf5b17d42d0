package usage

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestPeakStaysAfterTheMemoryIsFreed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped because only Linux reports it")
	}
	before, known := Peak(os.Getpid())
	if !known || before < 1<<20 {
		t.Fatalf("%d bytes, %v: a Go program has more", before, known)
	}
	const size = 64 << 20
	block := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		block[i] = 1
	}
	runtime.KeepAlive(block)
	block = nil
	runtime.GC()
	after, _ := Peak(os.Getpid())
	if after < before+size/2 {
		t.Errorf("%d bytes, %d before %d more were used", after, before, size)
	}
	debug.FreeOSMemory()
	ResetPeak(os.Getpid())
	if again, _ := Peak(os.Getpid()); again > after-size/2 {
		t.Errorf("%d bytes after the peak of %d was reset", again, after)
	}
}

func TestTreeAddsChildren(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped because only Linux reports it")
	}
	alone, _ := Peak(os.Getpid())
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { in.Close(); child.Wait() }()
	own, known := Peak(child.Process.Pid)
	together, _ := TreePeak(os.Getpid())
	if !known || together < alone+own/2 {
		t.Errorf("alone %d, child %d, together %d", alone, own, together)
	}
}

func TestNoSuchProcess(t *testing.T) {
	if bytes, known := TreePeak(1 << 30); known {
		t.Errorf("a process that can't be has %d bytes", bytes)
	}
}

// TestTreeCPU: what a child computes counts for its parent's tree.
func TestTreeCPU(t *testing.T) {
	before, known := TreeCPU(os.Getpid())
	if !known {
		t.Fatal("this process is unknown")
	}
	const least = 100 * time.Millisecond
	for began := time.Now(); ; {
		now, _ := TreeCPU(os.Getpid())
		if used := now.Less(before); used.User+used.System >= least {
			return
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("a minute of work took %+v of CPU", now.Less(before))
		}
	}
}
