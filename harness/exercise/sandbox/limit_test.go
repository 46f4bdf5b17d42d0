package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/reexec"
)

func TestLimitsEndTheScript(t *testing.T) {
	needSandbox(t)
	small := Limits{Wall: 30 * time.Second, CPU: time.Second, Memory: 64 << 20, FileSize: 1 << 20, Disk: 4 << 20, Files: 100, Processes: 20}
	for _, c := range []struct {
		name, script string
		change       func(*Limits)
		want         Limit
	}{
		{"sleep", "sleep 1000", func(l *Limits) { l.Wall = time.Second / 2 }, WallTime},
		{"deaf", "trap '' TERM INT HUP; while :; do sleep 1; done", func(l *Limits) { l.Wall = time.Second }, WallTime},
		{"loop", "while :; do :; done", nil, CPUTime},
		{"loops of many processes", "while :; do /bin/true; done", nil, CPUTime},
		{"memory of one", "head -c 900M /dev/zero | tail", nil, Memory},
		{"memory of many", "for i in 1 2 3 4 5 6; do { head -c 15M /dev/zero; sleep 20; } | tail & done; wait", nil, Memory},
		{"long file", "head -c 10M /dev/zero > x", nil, FileSize},
		{"many files", "i=0; while :; do i=$((i+1)); : > $i; done", func(l *Limits) { l.CPU = 20 * time.Second }, Disk},
		{"full disk", "for i in 1 2 3 4 5 6; do head -c 1M /dev/zero > $i; done; sleep 100", nil, Disk},
		{"full disk of deleted files", "exec 3>a 4>b 5>c 6>d 7>e 8>f; rm ?; for i in 3 4 5 6 7 8; do head -c 1M /dev/zero >&$i; done; sleep 100", nil, Disk},
		{"full disk in a closed folder", "mkdir d; for i in 1 2 3 4 5 6; do head -c 1M /dev/zero > d/$i; done; chmod 0 d; sleep 100", nil, Disk},
	} {
		limits := small
		if c.change != nil {
			c.change(&limits)
		}
		began := time.Now()
		result := sh(t, Options{Script: c.script, Limits: limits})
		if result.Limit != c.want || result.Exit != -1 {
			t.Errorf("%s: got %d, limit %q after %v: %.200s", c.name, result.Exit, result.Limit, time.Since(began), result.Output)
		}
	}
}

func TestAForkBombIsHeldSmall(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	script := "i=0; while [ $i -lt 200 ]; do sleep 5 & i=$((i+1)); done 2>/dev/null; echo started all"
	result := sh(t, Options{Dir: dir, Script: script, Limits: Limits{Processes: 20, Wall: 20 * time.Second}})
	if strings.Contains(string(result.Output), "started all") {
		t.Errorf("200 processes were started, where 20 are the limit: %+v", result)
	}
	if result = sh(t, Options{Dir: dir, Script: strings.Replace(script, "200", "15", 1), Limits: Limits{Processes: 20}}); result.Exit != 0 {
		t.Errorf("15 processes: %+v %s", result, result.Output)
	}
}

func TestAForkBombEnds(t *testing.T) {
	needSandbox(t)
	dir := testFolder(t)
	// A shell that can't start a process ends, so sooner or later each of the bomb's
	// does; those left end with the script.
	result := sh(t, Options{Dir: dir, Script: "f() { f | f & }; f; f; echo >> beats; sleep 1",
		Limits: Limits{Processes: 20, CPU: 5 * time.Second, Wall: 20 * time.Second}})
	if result.Limit == WallTime || !strings.Contains(string(result.Output), "Cannot fork") && !strings.Contains(string(result.Output), "fork: ") {
		t.Errorf("got %+v, %.200s", result, result.Output)
	}
}

func TestTooMuchOutputIsCut(t *testing.T) {
	needSandbox(t)
	result := sh(t, Options{Script: "echo begin; head -c 10M /dev/zero | tr '\\0' x; exit 4", Limits: Limits{Output: 1000}})
	text := string(result.Output)
	if result.Exit != 4 || result.Limit != "" || result.Dropped != 10<<20+6-1000 {
		t.Errorf("got %d, %q, %d", result.Exit, result.Limit, result.Dropped)
	}
	if !strings.HasPrefix(text, "begin\nxxx") || !strings.HasSuffix(text, "x\n[output cut after 1000 bytes, 10484766 more were dropped]\n") {
		t.Errorf("got %d bytes: %.50s … %s", len(text), text, text[max(0, len(text)-80):])
	}
}

// endless is a command that runs until it is ended, and that running finds by its name.
func endless(name string) string {
	return `sh -c 'trap "" HUP TERM; while :; do sleep 0.05; done' ` + name
}

// running reports whether an endless command runs on this machine.
func running(t *testing.T, name string) bool {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(files) == 0 {
		t.Fatalf("this machine's processes can't be listed: %v", err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), name+"\x00") {
			return true
		}
	}
	return false
}

func TestADaemonEndsWithTheScript(t *testing.T) {
	needSandbox(t)
	name := rand.Text()
	result := sh(t, Options{Script: "setsid " + endless(name) + " >/dev/null 2>&1 &\n" +
		"until grep -qs '[" + name[:1] + "]" + name[1:] + "' /proc/[0-9]*/cmdline; do sleep 0.05; done"})
	if result.Exit != 0 || running(t, name) {
		t.Errorf("the daemon still runs, or never started: %+v %s", result, result.Output)
	}
}

func TestTheContextEndsTheScript(t *testing.T) {
	needSandbox(t)
	dir, name := testFolder(t), rand.Text()
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped by hand")
	go func() {
		for !running(t, name) {
			time.Sleep(10 * time.Millisecond)
		}
		cancel(stop)
	}()
	result, err := Run(ctx, Options{Dir: dir, Script: "echo begun; exec " + endless(name)})
	if !errors.Is(err, stop) || string(result.Output) != "begun\n" || running(t, name) {
		t.Errorf("got %v, %q", err, result.Output)
	}
}

func TestTheScriptEndsWithItsParent(t *testing.T) {
	needSandbox(t)
	name := rand.Text()
	cmd := exec.CommandContext(t.Context(), executable(t), testFolder(t), name+"-parent")
	cmd.Env = append(os.Environ(), reexec.Env("parent"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for !running(t, name) {
		time.Sleep(10 * time.Millisecond)
		if time.Now().After(deadline) {
			t.Fatal("the script never began")
		}
	}
	cmd.Process.Kill()
	cmd.Wait()
	time.Sleep(100 * time.Millisecond)
	if running(t, name) {
		t.Error("the script still runs without its parent")
	}
}
