package grade

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
)

// attemptOf is an attempt at a lab with its solution, in which old of one file is
// replaced by new. It knows no server.
func attemptOf(t *testing.T, id, file, old, new string) *attempt {
	t.Helper()
	l, err := lab.Ours().Read(id)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range l.Files {
		_, text, err := l.Solution(name, "ada")
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			if !strings.Contains(string(text), old) {
				t.Fatalf("%s has no %s", name, old)
			}
			text = []byte(strings.Replace(string(text), old, new, 1))
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Grader{}.attempt("ada", l, dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestGated: the first rows come at once, the next not before they are released,
// and all are those of the input.
func TestGated(t *testing.T) {
	input := wisdm.Generator{Seed: 1, Rows: 9}
	released := make(chan struct{})
	halves, err := gated{input, 4, released}.Open()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	same := func() bool {
		got, gotErr := halves.Read()
		want, wantErr := whole.Read()
		if got != want || gotErr != wantErr {
			t.Errorf("read %v, %v; want %v, %v", got, gotErr, want, wantErr)
		}
		return !errors.Is(wantErr, io.EOF)
	}
	for range 4 {
		same()
	}
	came := make(chan bool)
	go func() { came <- same() }()
	select {
	case <-came:
		t.Fatal("the second half came before it was released")
	case released <- struct{}{}: // nobody waits for it unless the first half is over
	}
	if !<-came {
		t.Fatal("the rows end with the first half")
	}
	close(released)
	for same() {
	}
}
