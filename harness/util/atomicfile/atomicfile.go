// Package atomicfile writes files that appear complete or not at all. A reader
// never sees half a file, no matter when its writer was stopped.
package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const readable fs.FileMode = 0o644

// Write replaces the file at path by one with this text. The old file stays in
// place if anything fails. A new file is readable for everyone; an existing one
// keeps its permissions. A link is followed. Anything other than a regular file,
// such as /dev/stdout, is written to directly.
func Write(path string, text []byte) error {
	mode := readable
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return writeThrough(path, text)
		}
		mode = info.Mode().Perm()
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	return land(path, mode, os.Rename, of(text))
}

// WritePrivate replaces the file at path by one that only its owner can read.
func WritePrivate(path string, text []byte) error { return land(path, 0o600, os.Rename, of(text)) }

// Create makes a file, readable for everyone. Its error is fs.ErrExist if there
// is one already.
func Create(path string, text []byte) error {
	return land(path, readable, os.Link, of(text)) // unlike Rename, Link never replaces a file
}

// Copy replaces the file at path by what it reads from content to its end,
// readable for everyone.
func Copy(path string, content io.Reader) error {
	return land(path, readable, os.Rename, func(to *os.File) error {
		_, err := io.Copy(to, content)
		return err
	})
}

func of(text []byte) func(*os.File) error {
	return func(to *os.File) error {
		_, err := to.Write(text)
		return err
	}
}

// land fills a temporary file in path's folder and then moves it to path. Until
// it is complete, only its owner can read it.
func land(path string, mode fs.FileMode, move func(from, to string) error, fill func(*os.File) error) error {
	partial, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial")
	if err != nil {
		return err
	}
	defer os.Remove(partial.Name()) // gone by then after a rename
	err = fill(partial)
	if err := errors.Join(err, partial.Close()); err != nil {
		return err
	}
	if err := os.Chmod(partial.Name(), mode); err != nil {
		return err
	}
	return move(partial.Name(), path)
}

func writeThrough(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}
