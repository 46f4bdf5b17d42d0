package notebook

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// Write writes a page's new source to its file path, which lands whole or not at
// all. It does nothing where the source is the page's, and refuses where the file
// is no longer what the page was parsed from: somebody has saved it since.
func (p *Page) Write(path string, source []byte) error {
	path, err := filepath.EvalSymlinks(path) // a link stays one
	if err != nil {
		return fmt.Errorf("refresh the page: %w", err)
	}
	now, err := os.ReadFile(path)
	switch {
	case err != nil:
		return fmt.Errorf("refresh the page: %w", err)
	case !bytes.Equal(now, p.source):
		return fmt.Errorf("refresh the page: %s has changed since it was read; it stays as it is: refresh it again", path)
	case bytes.Equal(now, source):
		return nil
	}
	if err := land(path, source); err != nil {
		return fmt.Errorf("write the page %s: %w", path, err)
	}
	return nil
}

func land(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	partial, err := os.CreateTemp(filepath.Dir(path), ".page-*")
	if err != nil {
		return err
	}
	defer os.Remove(partial.Name()) // gone by then, unless something failed
	_, err = partial.Write(text)
	if closed := partial.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(partial.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(partial.Name(), path)
	}
	return err
}
