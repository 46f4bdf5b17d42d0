package handin

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// archiveName matches what people pack files into, whether or not it is read.
var archiveName = regexp.MustCompile(`(?i)\.(?:zip|tar|tgz|tbz2?|txz|rar|7z|(?:tar\.)?(?:gz|bz2|xz|zst))$`)

func isArchive(name string) bool { return archiveName.MatchString(name) }

// packed reports whether a file without an ending is an archive by what it begins with.
func packed(path string) bool {
	if filepath.Ext(path) != "" {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	start := make([]byte, 6)
	n, _ := io.ReadFull(file, start) // a shorter one is none
	begins := func(magic string) bool { return bytes.HasPrefix(start[:n], []byte(magic)) }
	return slices.ContainsFunc([]string{"PK\x03\x04", gzipMagic, bzip2Magic}, begins) ||
		slices.ContainsFunc(unreadArchives, func(f format) bool { return begins(f.magic) })
}

// withoutEnding returns the name of an archive without what says that it is one.
func withoutEnding(name string) string { return archiveName.ReplaceAllString(name, "") }

// member is one file, folder or link of an archive. What it holds can be read until
// the next one is.
type member struct {
	name string
	mode fs.FileMode
	open func() (io.ReadCloser, error)
}

// format is what a file begins with, and what it is then.
type format struct{ magic, name string }

const gzipMagic, bzip2Magic = "\x1f\x8b", "BZh"

// unreadArchives are those that aren't read.
var unreadArchives = []format{
	{"Rar!", "a RAR archive"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{"\xfd7zXZ\x00", "compressed with xz"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd"},
}

// noArchives are other formats that people hand in as one.
var noArchives = []format{
	{"\xd0\xcf\x11\xe0", "an Office document"},
	{"%PDF", "a PDF"},
	{"<", "a web page, such as one that asks for a login"},
}

// members calls do with each member of an archive. What the file is, its beginning says:
// people rename archives.
func members(path string, do func(member) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	start := make([]byte, 512) // as long as a block of a tar, which has its magic at 257
	n, err := io.ReadFull(file, start)
	if start = start[:n]; err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	switch {
	case n == 0:
		return errors.New("it is empty")
	case bytes.HasPrefix(start, []byte("PK")):
		return zipMembers(file, do)
	case bytes.HasPrefix(start, []byte(gzipMagic)):
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			return err
		}
		return tarMembers(unzipped, do)
	case bytes.HasPrefix(start, []byte(bzip2Magic)):
		return tarMembers(bzip2.NewReader(file), do)
	case n > 262 && string(start[257:262]) == "ustar":
		return tarMembers(file, do)
	}
	for _, format := range slices.Concat(unreadArchives, noArchives) {
		if bytes.HasPrefix(bytes.TrimSpace(start), []byte(format.magic)) {
			return fmt.Errorf("it is %s, which isn't read: hand in a zip, or the files", format.name)
		}
	}
	return errors.New("it is neither a zip nor a tar")
}

func zipMembers(file *os.File, do func(member) error) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	archive, err := zip.NewReader(file, info.Size())
	if errors.Is(err, zip.ErrFormat) {
		return errors.New("the end of the zip is missing: hand it in again")
	}
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		if f.Flags&1 != 0 { // APPNOTE.TXT, 4.4.4: bit 0
			return errors.New("it is locked with a password: hand it in without")
		}
		if err := do(member{f.Name, f.Mode(), f.Open}); err != nil {
			return err
		}
	}
	return nil
}

func tarMembers(from io.Reader, do func(member) error) error {
	archive := tar.NewReader(from)
	for n := 0; ; n++ {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, tar.ErrHeader) && n == 0:
			return errors.New("what is compressed in it isn't a tar")
		case errors.Is(err, io.ErrUnexpectedEOF):
			return errors.New("its end is missing, or it isn't a tar: hand it in again")
		case err != nil:
			return err
		case header.Typeflag == tar.TypeXGlobalHeader: // no file: git archive begins with it
			continue
		}
		mode := header.FileInfo().Mode()
		if header.Typeflag == tar.TypeLink { // to another member, by its name
			mode |= fs.ModeSymlink
		}
		if err := do(member{header.Name, mode, func() (io.ReadCloser, error) { return io.NopCloser(archive), nil }}); err != nil {
			return err
		}
	}
}
