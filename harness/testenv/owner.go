package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// testRun returns the process that the shared stack belongs to: the `go test`
// that started this test binary, or this one where it was started by hand.
func testRun() int {
	parent := os.Getppid()
	if name := processName(parent); name == "go" {
		return parent
	}
	return os.Getpid()
}

func processName(pid int) string {
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)); err == nil {
		return strings.TrimSpace(string(text))
	}
	text, err := exec.Command("ps", "-o", "comm=", "-p", fmt.Sprint(pid)).Output()
	if err != nil {
		return ""
	}
	return filepath.Base(strings.TrimSpace(string(text)))
}
