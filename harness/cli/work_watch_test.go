package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/util/ui"
)

// TestWorkWatch: neither a failed check, nor one that can't be made, nor a reset of the
// lab ends the watch.
func TestWorkWatch(t *testing.T) {
	ctx, press := context.WithTimeout(t.Context(), 20*time.Second)
	defer press()
	book := student.Book{Dir: t.TempDir()}
	l := lab.Lab{ID: "03-flink"}
	folder := book.Folder(l)
	save := func(name string) {
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte("SELECT 1;"), 0o644)); err != nil {
			t.Error(err)
		}
	}
	steps := []func() error{
		func() error { save(filepath.Join(folder, "a.sql")); return failedError{"not right yet"} },
		func() error { save(filepath.Join(folder, "b.sql")); return unmadeError{"not made"} },
		func() error { // as 'lab reset' does
			if err := os.Rename(folder, folder+".before"); err != nil {
				t.Error(err)
			}
			save(filepath.Join(folder, "a.sql"))
			return nil
		},
		func() error { save(filepath.Join(folder, "a.sql")); return nil },
		func() error {
			save(filepath.Join(book.Dir, "progress.json")) // isn't the student's doing
			time.AfterFunc(3*settle, press)
			return nil
		},
		func() error { t.Error("the checks were run although no file has changed"); return nil },
	}
	said := &listener{}
	w := work{app: &app{err: ui.New(said)}, book: book, lab: l, say: ui.New(said).Say, last: &attempt{}}
	save(filepath.Join(folder, "a.sql"))
	made := 0
	err := w.watch(ctx, func(context.Context) error { made++; return steps[made-1]() })
	if !errors.Is(err, errEnded) || made != len(steps)-1 {
		t.Errorf("after %d makings of the checks: %v", made, err)
	}
	if got := said.String(); !strings.Contains(got, "not right yet\nwaiting for") || !strings.Contains(got, "not made\nwaiting for") {
		t.Errorf("it says\n%s", got)
	}
	broken := errors.New("the progress can't be written")
	if err := w.watch(t.Context(), func(context.Context) error { return broken }); err != broken {
		t.Errorf("error = %v", err)
	}
}
