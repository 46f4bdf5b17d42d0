// Package student keeps a student's folder: the labs' files to fill in, and the
// student's progress.
package student

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/atomicfile"
)

// Book is a student's folder, with one folder per lab in it.
type Book struct {
	Dir  string
	Name string // the student's, from which a lab's choices come
}

// Folder returns where the files of a lab are.
func (b Book) Folder(l lab.Lab) string { return filepath.Join(b.Dir, l.ID) }

// Start copies the lab's files that the student doesn't have yet, and returns
// their paths. It never overwrites a file.
func (b Book) Start(l lab.Lab) (made []string, err error) {
	if err := os.MkdirAll(b.Folder(l), 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for lab %s: %w", l.ID, err)
	}
	for _, name := range l.Files {
		_, text, err := l.Folder.Work(name)
		if err != nil {
			return made, err
		}
		to := filepath.Join(b.Folder(l), name)
		switch err := atomicfile.Create(to, []byte(l.Personal(string(text), b.Name))); {
		case errors.Is(err, fs.ErrExist):
		case err != nil:
			return made, fmt.Errorf("copy a file of lab %s: %w", l.ID, err)
		default:
			made = append(made, to)
		}
	}
	return made, nil
}

// Reset moves a lab's folder aside and starts the lab again. It returns where the
// old folder is now, "" if there was none.
func (b Book) Reset(l lab.Lab, now time.Time) (kept string, err error) {
	kept = fmt.Sprintf("%s.%s", b.Folder(l), now.Format("20060102-150405.000"))
	switch err := os.Rename(b.Folder(l), kept); {
	case errors.Is(err, fs.ErrNotExist):
		kept = ""
	case err != nil:
		return "", fmt.Errorf("keep a copy of lab %s: %w", l.ID, err)
	}
	_, err = b.Start(l)
	return kept, err
}
