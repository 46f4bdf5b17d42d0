package maven

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// What a distribution can come to. Elasticsearch, the largest, unpacks to some
// 150 MB in 500 files.
const (
	maxUnpacked = 4 << 30 // bytes
	maxEntries  = 100_000
)

// unpackZip replaces a distribution's zip in dir by its content, without the
// one folder that distributions wrap themselves in.
func unpackZip(dir string) error {
	zips, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err != nil || len(zips) == 0 {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, path := range zips {
		if err := unpack(path, root, maxUnpacked); err != nil {
			return fmt.Errorf("unpack %s: %w", filepath.Base(path), err)
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

func unpack(path string, root *os.Root, most int64) error {
	archive, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer archive.Close()
	return unpackAll(&archive.Reader, root, most)
}

// unpackAll writes the entries below root, which lets none lead out, up to so
// many bytes: the size in an entry's header may be wrong.
func unpackAll(archive *zip.Reader, root *os.Root, most int64) error {
	if n := len(archive.File); n > maxEntries {
		return fmt.Errorf("it has %d entries, %d at most are unpacked", n, maxEntries)
	}
	for _, entry := range archive.File {
		_, inner, _ := strings.Cut(filepath.ToSlash(entry.Name), "/")
		if inner == "" {
			continue
		}
		if !filepath.IsLocal(inner) {
			return fmt.Errorf("entry %q leads out of the archive", entry.Name)
		}
		n, err := unpackEntry(entry, root, filepath.FromSlash(path.Clean(inner)), most)
		if err != nil {
			return err
		}
		most -= n
	}
	return nil
}

func unpackEntry(entry *zip.File, root *os.Root, name string, most int64) (int64, error) {
	if entry.FileInfo().IsDir() { // Elasticsearch needs its empty folders too
		return 0, root.MkdirAll(name, 0o755)
	}
	return unpackFile(entry, root, name, most)
}

func unpackFile(entry *zip.File, root *os.Root, name string, most int64) (n int64, err error) {
	if !entry.Mode().IsRegular() {
		return 0, fmt.Errorf("entry %q isn't a regular file", entry.Name)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return 0, err
	}
	in, err := entry.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	// Another user may have to run it: readable by all, whatever the umask of
	// the machine that packed it.
	out, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, entry.Mode().Perm()|0o444)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	n, err = io.Copy(out, io.LimitReader(in, most+1))
	if err == nil && n > most {
		err = fmt.Errorf("it unpacks to more than is taken: entry %q has no end within %d bytes", entry.Name, most)
	}
	return n, err
}
