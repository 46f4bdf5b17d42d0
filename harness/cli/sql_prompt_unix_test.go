//go:build unix

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/wait"
)

// terminal is a pseudo terminal of 80x24 in which lab runs.
type terminal struct {
	*os.File
	t       *testing.T
	command *exec.Cmd
	got     chan string
	seen    string // and not yet awaited
}

// inTerminal starts the lab command; it is killed with the test's end.
func inTerminal(t *testing.T, args ...string) *terminal {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, command: exec.CommandContext(t.Context(), self), got: make(chan string)}
	s.command.Args = append([]string{"lab"}, args...)
	s.command.Env = append(os.Environ(), "TERM=xterm")
	if s.File, err = pty.StartWithSize(s.command, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	go func() {
		defer close(s.got)
		for buffer := make([]byte, 4096); ; {
			n, err := s.Read(buffer)
			if err != nil {
				return
			}
			select {
			case s.got <- string(buffer[:n]):
			case <-t.Context().Done():
				return
			}
		}
	}()
	return s
}

// await reads on until text has been printed, and returns what was before it.
func (s *terminal) await(text string) string {
	s.t.Helper()
	limit := time.After(2 * time.Minute)
	for {
		if before, after, found := strings.Cut(s.seen, text); found {
			s.seen = after
			return before
		}
		select {
		case more, open := <-s.got:
			if !open {
				s.t.Fatalf("it has ended without %q:\n%s", text, s.seen)
			}
			s.seen += more
		case <-limit:
			s.t.Fatalf("it hasn't printed %q:\n%s", text, s.seen)
		}
	}
}

func (s *terminal) press(keys string) {
	s.t.Helper()
	if _, err := io.WriteString(s.File, keys); err != nil {
		s.t.Fatal(err)
	}
}

const (
	arrowUp = "\x1b[A"
	ctrlC   = "\x03"
	ctrlD   = "\x04"
)

// TestSQLPrompt: what a person does at the prompt of 'lab sql'.
func TestSQLPrompt(t *testing.T) {
	sharedRun(t)
	cache := t.TempDir()
	t.Setenv("HOPLAB_CACHE", cache)
	history := filepath.Join(cache, "sql_history")
	if err := os.WriteFile(history, []byte("SELECT 'of yesterday';\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := inTerminal(t, "sql", "3", "--work", withSolution(t, "03-flink", "tables.sql"))
	s.await("tables: ")
	table := strings.TrimSpace(s.await("sql> "))
	s.press(arrowUp)
	s.await("SELECT 'of yesterday';")
	s.press(ctrlC) // the line, not the prompt
	s.await("sql> ")

	s.press("SELECT COUNT(*) AS n FROM " + table[:2] + "\t")
	s.await("FROM " + table)
	s.press(";\r")
	s.await("9600\r\n(1 row)")

	s.press("CREATE TEMPORARY TABLE slow (n INT) WITH ('connector' = 'datagen',\r")
	s.await("  -> ")
	s.press("'rows-per-second' = '1', 'number-of-rows' = '100000'); SELECT * FROM slow;\r")
	job := awaitJob(t, "", "RUNNING")
	s.press(ctrlC)
	s.await("cancelled")
	awaitJob(t, job, "CANCELED")

	s.press("SELECT 41 + 1 AS answer;\r")
	s.await("42\r\n(1 row)")
	s.press(arrowUp)
	s.await("SELECT 41 + 1 AS answer;")
	s.press("\r")
	s.await("42\r\n(1 row)")
	s.press(ctrlD)
	for range s.got { // until it has ended
	}
	if err := s.command.Wait(); err != nil {
		t.Errorf("Ctrl-D: %v", err)
	}
	if text, err := os.ReadFile(history); err != nil || !strings.HasSuffix(string(text), "SELECT 41 + 1 AS answer;\n") {
		t.Errorf("saved %q, %v", text, err)
	}
}

// awaitJob waits until the shared run's Flink has a job in a state, and returns its id.
// Without an id it is any job.
func awaitJob(t *testing.T, id, state string) string {
	t.Helper()
	now, err := shared.client.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var found flink.Job
	err = wait.Until(ctx, 50*time.Millisecond, func() (bool, error) {
		jobs, err := pipeline.Pipeline{Sites: now}.Flink().Jobs(ctx)
		for _, found = range jobs {
			if found.State == state && (id == "" || found.ID == id) {
				return true, nil
			}
		}
		return false, errors.Join(err, fmt.Errorf("there are %v", jobs))
	})
	if err != nil {
		t.Fatalf("a job %s that is %s: %v", id, state, err)
	}
	return found.ID
}
