package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCell: a cell is run after those that it builds on, and prints what the page shows.
func TestCell(t *testing.T) {
	sharedRun(t)
	runLab(t, "cell", "3", "nope").want(t, exitUsage, "no cell \"nope\"", "'lab cell 3' lists them")
	list := runLab(t, "cell", "3")
	if list.want(t, exitOK); !strings.Contains(list.out, "\ncount ") {
		t.Errorf("listed:\n%s", list.out)
	}
	r := runLab(t, "cell", "3", "count")
	r.want(t, exitOK, "running raw", "running count")
	if want := "messages  shortest  longest\n    9600       169      178\n(1 row)\n"; r.out != want || strings.Contains(r.err, "running rest") {
		t.Errorf("printed %q, want %q\n%s", r.out, want, r.err)
	}
	r = runLab(t, "cell", "3", "hour")
	if r.want(t, exitOK, "what the page shows"); !strings.Contains(r.out, "Cannot apply 'EXTRACT'") {
		t.Errorf("the trap printed %q", r.out)
	}
}

// TestSQL: the student's tables are there, without what an INSERT would do.
func TestSQL(t *testing.T) {
	sharedRun(t)
	work := t.TempDir()
	runLab(t, "sql", "1", "--work", work).want(t, exitUsage, "no SQL")
	runLab(t, "sql", "3", "--work", work, "-e", "SELECT 1;").want(t, exitOK, "'lab work 3' makes it")
	work = withSolution(t, "03-flink", "tables.sql", "\nINSERT INTO nowhere SELECT 1;\n")
	r := runLab(t, "sql", "3", "--work", work, "-e", "SELECT COUNT(*) AS n FROM ${table}; SELECT nope FROM ${table};")
	if r.want(t, exitFailed, "Column 'nope' not found"); !strings.HasPrefix(r.out, "   n\n9600\n(1 row)\n") {
		t.Errorf("printed %q", r.out)
	}
}

// withSolution makes a student's folder with a file of a lab's solution, and more text at its end.
func withSolution(t *testing.T, id, name string, more ...string) (work string) {
	t.Helper()
	work = t.TempDir()
	file := filepath.Join(work, id, name)
	text, err := os.ReadFile(filepath.Join(root, "labs", id, "solution", name))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, append(text, strings.Join(more, "")...), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return work
}

// TestShell: lab is on the PATH, a page's variables are set, and what the shell comes to
// is the command's result.
func TestShell(t *testing.T) {
	ownRuns(t)
	shell := filepath.Join(t.TempDir(), "myshell")
	if err := os.WriteFile(shell, []byte("#!/bin/sh\nlab nonsense; echo \"lab ended with $?, source is $source\"; exit 7\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SHELL", shell)
	for _, c := range []struct {
		args []string
		want string
	}{{nil, "source is \n"}, {[]string{"1"}, "source is smart\n"}} {
		r := runLab(t, append([]string{"shell"}, c.args...)...)
		if r.want(t, 7, `unknown command "nonsense"`); r.out != "lab ended with 2, "+c.want {
			t.Errorf("printed %q, want …%q", r.out, c.want)
		}
	}
}

func TestComplete(t *testing.T) {
	names := []string{"lana", "usid", "event_time", "SELECT", "SET"}
	for _, c := range []struct {
		text, head string
		found      []string
		tail       string
	}{
		{"se|", "", []string{"SELECT", "SET"}, ""},
		{"SELECT us| FROM x", "SELECT ", []string{"usid"}, " FROM x"},
		{"MAX(event|)", "MAX(", []string{"event_time"}, ")"},
		{"SELECT ü, LA|", "SELECT ü, ", []string{"lana"}, ""},
		{"SELECT |", "SELECT ", nil, ""},
		{"usid|", "", nil, ""},
	} {
		before, after, _ := strings.Cut(c.text, "|")
		head, found, tail := complete(names, before+after, len([]rune(before)))
		if head != c.head || !slices.Equal(found, c.found) || tail != c.tail {
			t.Errorf("%s: %q %q %q", c.text, head, found, tail)
		}
	}
}
