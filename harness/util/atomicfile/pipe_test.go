//go:build unix

package atomicfile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWriteToWhatIsNoFile asks a pipe of its own: were the code wrong, a test
// that root runs would put a file in place of a device.
func TestWriteToWhatIsNoFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // which waits for no writer
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := Write(pipe, []byte("text")); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().IsRegular() {
		t.Fatal("a regular file took the pipe's place")
	}
	buffer := make([]byte, 16)
	if n, err := reader.Read(buffer); err != nil || string(buffer[:n]) != "text" {
		t.Errorf("the pipe gave %q, %v", buffer[:n], err)
	}
	dir := t.TempDir()
	if err := Write(dir, []byte("text")); err == nil {
		t.Error("a folder was written to")
	}
	if err := Write(filepath.Join(dir, "absent", "report"), nil); err == nil {
		t.Error("a file in a folder that isn't there was written")
	}
	only(t, dir, 0)
}
