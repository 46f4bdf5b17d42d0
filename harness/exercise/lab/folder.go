package lab

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/labs"
)

// Folder is a lab's folder: its pages, the files to fill in and their solutions.
type Folder struct {
	ID   string // such as "03-flink"
	Name string // begins the names in errors, such as "labs/03-flink"
	FS   fs.FS
	// checkout has the solutions that are kept elsewhere, such as a dashboard. It is
	// nil for hoplab's own labs, which carry theirs.
	checkout fs.FS
	private  fs.FS // a teacher's own, nil without it
}

// FolderAt returns the lab's folder at a path of the disk.
func FolderAt(dir string) (Folder, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return Folder{}, fmt.Errorf("open a lab's folder: %w", err)
	}
	files := os.DirFS(dir)
	f := Folder{ID: filepath.Base(full), Name: filepath.ToSlash(dir), FS: files, checkout: files}
	if top := checkout(full); top != "" {
		f.checkout = os.DirFS(top)
	}
	return f, nil
}

// Work reads a file as a student gets it, to be filled in. label is its path in
// messages.
func (f Folder) Work(name string) (label string, text []byte, err error) {
	text, err = fs.ReadFile(f.FS, path.Join("work", name))
	return path.Join(f.Name, "work", name), text, err
}

// Solution reads a file of the solution, wherever it is kept: in the lab's folder
// or, such as a dashboard, where hoplab uses it itself.
func (f Folder) Solution(name string) (label string, text []byte, err error) {
	label = path.Join(f.Name, "solution", name)
	if f.private != nil {
		if text, err = fs.ReadFile(f.private, path.Join("solution", name)); !errors.Is(err, fs.ErrNotExist) {
			return path.Join(f.ID, "solution", name), text, err
		}
	}
	text, err = fs.ReadFile(f.FS, path.Join("solution", name))
	if !errors.Is(err, fs.ErrNotExist) {
		return label, text, err
	}
	solutionPath, ours, absent := labs.Solution(f.ID, name)
	switch {
	case absent != nil:
		return label, nil, err
	case f.checkout == nil:
		return solutionPath, ours, nil
	}
	text, err = fs.ReadFile(f.checkout, solutionPath)
	return solutionPath, text, err
}

// Own reads a file of the author's, such as a script that a check runs: from the
// private folder, or from the lab's.
func (f Folder) Own(name string) ([]byte, error) {
	if f.private != nil {
		if text, err := fs.ReadFile(f.private, name); !errors.Is(err, fs.ErrNotExist) {
			return text, err
		}
	}
	return fs.ReadFile(f.FS, name)
}

// Solutions returns the solution's files as a file system whose files are read
// whole, with fs.ReadFile.
func (f Folder) Solutions() fs.FS { return solutions(f) }

type solutions Folder

// Open is there for the interface only: fs.ReadFile calls ReadFile.
func (s solutions) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.ErrUnsupported}
}

// ReadFile implements fs.ReadFileFS.
func (s solutions) ReadFile(name string) ([]byte, error) {
	_, text, err := Folder(s).Solution(name)
	return text, err
}

// Junk reports whether a program has made a file or folder of that name, and nobody who
// works on a lab.
func Junk(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"__MACOSX", "__pycache__", "node_modules", "Thumbs.db", "desktop.ini"}, name)
}
