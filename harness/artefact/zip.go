package artefact

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// unpackZip replaces a distribution's zip in dir by its content, without the
// one folder that distributions wrap themselves in.
func unpackZip(dir string) error {
	zips, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err != nil || len(zips) == 0 {
		return err
	}
	for _, path := range zips {
		if err := unpack(path, dir); err != nil {
			return fmt.Errorf("unpack %s: %w", filepath.Base(path), err)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

func unpack(path, dir string) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer archive.Close()
	for _, entry := range archive.File {
		_, inner, _ := strings.Cut(filepath.ToSlash(entry.Name), "/")
		if inner == "" {
			continue
		}
		if !filepath.IsLocal(inner) {
			return fmt.Errorf("entry %q leads out of the archive", entry.Name)
		}
		if err := unpackEntry(entry, filepath.Join(dir, filepath.FromSlash(inner))); err != nil {
			return err
		}
	}
	return nil
}

func unpackEntry(entry *zip.File, path string) error {
	if entry.FileInfo().IsDir() { // Elasticsearch wants its empty folders too
		return os.MkdirAll(path, 0o755)
	}
	return unpackFile(entry, path)
}

func unpackFile(entry *zip.File, path string) error {
	if !entry.Mode().IsRegular() {
		return fmt.Errorf("entry %q is no regular file", entry.Name)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	in, err := entry.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	// Another user may have to run it: readable by all, whatever the umask of
	// the machine that packed it.
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, entry.Mode().Perm()|0o444)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
