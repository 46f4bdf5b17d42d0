package wisdm

import (
	"archive/zip"
	"compress/bzip2"
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
// its name, so none can escape from a folder.
func (l *listing) addZip(data io.ReaderAt, size int64, shown string, deeper bool) error {
	archive, err := zip.NewReader(data, size)
	if err != nil {
		return fmt.Errorf("read %s: %w", shown, cutShort(err))
	}
	archive.RegisterDecompressor(bzip2Method, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	var inner []*zip.File
	for _, entry := range archive.File {
		name := strings.ReplaceAll(entry.Name, `\`, "/") // as some programs for Windows write it
		switch {
		case wanted(name):
			if err := readable(entry, shown); err != nil {
				return err
			}
			l.files = append(l.files, file{describe(name), shown + "/" + name, entry.Open})
		case strings.EqualFold(path.Ext(name), ".zip") && !besides(name):
			inner = append(inner, entry)
		}
	}
	if len(l.files) > 0 || !deeper {
		return nil
	}
	var failed error // of the first one, which counts only if none has rows
	for _, entry := range inner {
		if err := l.addInner(entry, data, shown+"/"+entry.Name); failed == nil {
			failed = err
		}
	}
	if len(l.files) > 0 {
		return nil
	}
	return failed
}

// Methods of compression that archive/zip doesn't know. Source: APPNOTE.TXT of
// PKWARE, 4.4.5.
const bzip2Method = 12

var methods = map[uint16]string{9: "Deflate64", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}

// readable reports an entry that can't be read: its method is unknown, or it needs a
// password.
func readable(entry *zip.File, shown string) error {
	switch {
	case entry.Flags&1 != 0:
		return fmt.Errorf("%s/%s is encrypted: unpack the archive with its password, and name the folder", shown, entry.Name)
	case entry.Method != zip.Store && entry.Method != zip.Deflate && entry.Method != bzip2Method:
		name := methods[entry.Method]
		if name == "" {
			name = fmt.Sprintf("method %d", entry.Method)
		}
		return fmt.Errorf("%s/%s is compressed with %s, which isn't read: unpack the archive, and name the folder", shown, entry.Name, name)
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
	t, err := newTemporary()
	if err != nil {
		return nil, err
	}
	// archive/zip ends an entry at the size that its header gives.
	if t.size, err = io.Copy(t, from); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

func newTemporary() (*temporary, error) {
	to, err := os.CreateTemp("", "hoplab-*.rows")
	if err != nil {
		return nil, err
	}
	// Unix frees the name now, so even a kill leaves nothing behind. Windows
	// refuses, and Close removes the file.
	_ = os.Remove(to.Name())
	return &temporary{File: to}, nil
}
