package memory

import (
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestPeakStaysAfterTheMemoryIsFreed(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped because only Linux tells it")
	}
	before, known := Of(os.Getpid())
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
	after, _ := Of(os.Getpid())
	if after < before+size/2 {
		t.Errorf("%d bytes, %d before %d more were used", after, before, size)
	}
	debug.FreeOSMemory()
	Reset(os.Getpid())
	if again, _ := Of(os.Getpid()); again > after-size/2 {
		t.Errorf("%d bytes after the peak of %d was reset", again, after)
	}
}

func TestTreeAddsChildren(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped because only Linux tells it")
	}
	alone, _ := Of(os.Getpid())
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err == nil {
		err = child.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { in.Close(); child.Wait() }()
	own, known := Of(child.Process.Pid)
	together, _ := Tree(os.Getpid())
	if !known || together < alone+own/2 {
		t.Errorf("alone %d, child %d, together %d", alone, own, together)
	}
}

func TestNoSuchProcess(t *testing.T) {
	if bytes, known := Tree(1 << 30); known {
		t.Errorf("a process that can't be has %d bytes", bytes)
	}
}
