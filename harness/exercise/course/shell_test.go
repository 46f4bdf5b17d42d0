package course

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/proc"
)

func TestShell(t *testing.T) {
	t.Setenv("HOPLAB_SALT", "a secret")
	p := &pageRun{Runner: Runner{Lab: "/bin/echo"}, dir: t.TempDir()}
	for _, c := range []struct{ script, want, err string }{
		{"echo ${topic}; echo oops >&2", "smart\noops\n", ""},
		{"lab says hello", "says hello\n", ""},
		{"echo \"[${HOPLAB_SALT-}]\"; pwd | grep -c " + p.dir, "[]\n1\n", ""},
		{"false; echo not reached", "", "exit status 1"},
		{"sleep 60 & echo left", "left\n", ""},
	} {
		output, err := p.shell(t.Context(), c.script, []string{"topic=smart"})
		if string(output) != c.want || fmt.Sprint(err) != c.err && !(err == nil && c.err == "") {
			t.Errorf("%s: %q, %v; want %q, %s", c.script, output, err, c.want, c.err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := p.shell(ctx, "sleep 60", nil); err == nil || time.Since(began) > 20*time.Second {
		t.Errorf("a script that is ended: %v after %v", err, time.Since(began))
	}
	output, err := p.shell(t.Context(), "yes | head -c 1000000", nil)
	if err != nil || len(output) != maxShell {
		t.Errorf("%d bytes of output, %v; want %d", len(output), err, maxShell)
	}
}

// TestWhatAScriptStartsEndsWithIt has a process that a script leaves behind, and one
// whose script is killed.
func TestWhatAScriptStartsEndsWithIt(t *testing.T) {
	for _, script := range []string{"sleep 60 >/dev/null 2>&1 & echo $! >child", "sleep 60 & echo $! >child; wait"} {
		p := &pageRun{dir: t.TempDir()}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := p.shell(ctx, script, nil)
		text, _ := os.ReadFile(p.dir + "/child")
		child, parsed := strconv.Atoi(strings.TrimSpace(string(text)))
		if parsed != nil || child < 2 {
			t.Fatalf("%s: %v, %v", script, err, parsed)
		}
		for until := time.Now().Add(10 * time.Second); proc.Alive(child); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatalf("%s: %d still runs", script, child)
			}
		}
	}
}
