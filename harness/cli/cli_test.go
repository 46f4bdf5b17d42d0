package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hoplab.example/harness/run/roles"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/choose"
)

// The test binary is also the keeper that it starts, the built-in broker, and the lab
// command that students' scripts find under that name.
func TestMain(m *testing.M) {
	roles.Run()
	if filepath.Base(os.Args[0]) == "lab" {
		asLab()
	}
	code := m.Run()
	if err := endShared(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// asLab is what the lab command does in students' scripts.
var asLab = Main

// heavy is for tests that start the whole stack.
func heavy(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it starts the whole stack")
	}
}

// ownRuns gives the test a folder of runs of its own, so that no stack of the
// user's is touched. Other users must be able to pass it. The servers run as
// processes, which the tests kill, unless the test says otherwise. What is up at the
// test's end is taken down.
func ownRuns(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lab-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	runs := filepath.Join(dir, "runs")
	t.Setenv("HOPLAB_RUNS", runs)
	if os.Getenv(choose.Variable) != "containers" {
		t.Setenv(choose.Variable, "local")
	}
	t.Cleanup(func() { // while HOPLAB_RUNS is still set; the test's own context has ended
		labUntil(context.Background(), nil, "down").want(t, exitOK)
		os.RemoveAll(dir)
	})
	return runs
}

// result is a command's exit code and what it printed.
type result struct {
	code     int
	out, err string
}

func runLab(t *testing.T, args ...string) result {
	t.Helper()
	return labUntil(t.Context(), nil, args...)
}

// labUntil runs the command line; hear is called with all that has been written
// to the standard error stream so far, each time that something is.
func labUntil(ctx context.Context, hear func(string), args ...string) result {
	var out bytes.Buffer
	err := &listener{hear: hear}
	code := execute(ctx, args, &out, err)
	return result{code, out.String(), err.String()}
}

type listener struct {
	mu   sync.Mutex
	text strings.Builder
	hear func(string)
}

func (l *listener) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.text.Write(p)
	all := l.text.String()
	l.mu.Unlock()
	if l.hear != nil {
		l.hear(all)
	}
	return len(p), nil
}

func (l *listener) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (r result) want(t *testing.T, code int, inErr ...string) {
	t.Helper()
	if r.code != code {
		t.Errorf("exit code %d, want %d\n%s%s", r.code, code, r.out, r.err)
	}
	for _, text := range inErr {
		if !strings.Contains(r.err, text) {
			t.Errorf("the error stream lacks %q:\n%s", text, r.err)
		}
	}
}

// nothingLeft fails the test where a keeper still runs.
func nothingLeft(t *testing.T, runs string) {
	t.Helper()
	left, err := keeper.List(t.Context(), runs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range left {
		t.Errorf("the run %s is still up", c.Name())
		c.Stop(context.Background())
	}
}
