// Package atomicfile writes files that are there whole or not at all, so that a
// reader never meets half a report, whenever its writer was stopped.
package atomicfile

import (
	"os"
	"path/filepath"
)

// Write lands text in the file at path by rename. What was there stays until
// then, and stays if something fails. A new file is readable for everyone, another
// one keeps its permissions. A link is followed.
// What isn't a regular file, such as /dev/stdout, is written to as it is.
func Write(path string, text []byte) error {
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return writeThrough(path, text)
		}
		mode = info.Mode().Perm()
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	partial, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial")
	if err != nil {
		return err
	}
	defer os.Remove(partial.Name()) // gone by then, unless something failed
	_, err = partial.Write(text)
	if closed := partial.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(partial.Name(), mode)
	}
	if err == nil {
		err = os.Rename(partial.Name(), path)
	}
	return err
}

func writeThrough(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
