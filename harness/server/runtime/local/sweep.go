package local

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"hoplab.example/harness/util/proc"
)

// notePID leaves a component's process number beside its log, for Sweep.
func notePID(logPath string, pid int) error {
	return os.WriteFile(strings.TrimSuffix(logPath, ".log")+".pid", []byte(strconv.Itoa(pid)), 0o644)
}

// Sweep kills the components that a killed run left behind, on systems whose kernel
// doesn't. It spares a process that has been given the same number since: a
// component's command line names the run's folder.
func Sweep(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.pid"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		pid, err := strconv.Atoi(string(text))
		if err != nil || pid <= 1 {
			continue
		}
		command, err := exec.Command("ps", "-o", "command=", "-ww", "-p", strconv.Itoa(pid)).Output()
		if err == nil && strings.Contains(string(command), dir) {
			_ = proc.Kill(pid) // it may have ended by itself
		}
	}
}
