package wisdm

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// maxInner bounds what a zip in a zip may take of the temporary folder. The
// dataset's takes about 0.3 GB.
const maxInner = 8 << 30

func listZip(name string) (*listing, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the rows: %w", err)
	}
	list := &listing{closers: []io.Closer{f}}
	info, err := f.Stat()
	if err == nil {
		err = list.addZip(f, info.Size(), name, true)
	}
	if err == nil {
		err = list.arrange(name)
	}
	if err != nil {
		return nil, errors.Join(err, list.close())
	}
	return list, nil
}

// addZip adds the raw files of the archive in data and, where deeper is set
// and it has none, of the archives that it holds. No entry is ever written by
// its name, so that none can lead out of a folder.
func (l *listing) addZip(data io.ReaderAt, size int64, shown string, deeper bool) error {
	archive, err := zip.NewReader(data, size)
	if err != nil {
		return fmt.Errorf("read %s: %w; the download may have been cut short: fetch it again", shown, err)
	}
	var inner []*zip.File
	for _, entry := range archive.File {
		switch {
		case wanted(entry.Name):
			l.files = append(l.files, file{describe(entry.Name), shown + "/" + entry.Name, entry.Open})
		case strings.EqualFold(path.Ext(entry.Name), ".zip") && !strings.HasPrefix(entry.Name, "__MACOSX/"):
			inner = append(inner, entry)
		}
	}
	if len(l.files) > 0 || !deeper {
		return nil
	}
	for _, entry := range inner {
		if err := l.addInner(entry, data, shown+"/"+entry.Name); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) addInner(entry *zip.File, outer io.ReaderAt, shown string) error {
	if entry.Method == zip.Store {
		start, err := entry.DataOffset()
		if err != nil {
			return fmt.Errorf("read %s: %w", shown, err)
		}
		size := int64(entry.UncompressedSize64)
		return l.addZip(io.NewSectionReader(outer, start, size), size, shown, false)
	}
	copied, err := spool(entry)
	if err != nil {
		return fmt.Errorf("unpack %s into %s: %w", shown, os.TempDir(), err)
	}
	l.closers = append(l.closers, copied)
	return l.addZip(copied, copied.size, shown, false)
}

// temporary is a file that is removed when it is closed.
type temporary struct {
	*os.File
	size int64
}

func (t *temporary) Close() error {
	err := t.File.Close()
	// Where an open file can be removed, it is already gone; see spool.
	if gone := os.Remove(t.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// spool copies entry to a temporary file: reading an archive needs random access,
// which compressed data doesn't allow.
func spool(entry *zip.File) (*temporary, error) {
	if entry.UncompressedSize64 > maxInner {
		return nil, fmt.Errorf("it says that it has %d bytes, more than %d", entry.UncompressedSize64, int64(maxInner))
	}
	from, err := entry.Open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	to, err := os.CreateTemp("", "hoplab-*.zip")
	if err != nil {
		return nil, err
	}
	t := &temporary{File: to}
	// Unix frees the name now, so even a kill leaves nothing behind. Windows
	// refuses, and Close removes the file.
	_ = os.Remove(to.Name())
	// archive/zip ends an entry at the size that its header gives.
	if t.size, err = io.Copy(to, from); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}
