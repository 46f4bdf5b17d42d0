package wisdm

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
)

// sniffed is how many bytes identify a file's format: a tar has its magic at 257.
const sniffed = 512

// format is what a file's first bytes say that it is.
type format int

const (
	rawText format = iota
	zipFile
	gzipFile
	tarFile
)

// refused are the formats that aren't read, by what they begin with, and what to do.
var refused = []struct{ magic, name, next string }{
	{"PK\x05\x06", "an empty zip archive", "download it again"},
	{"BZh", "compressed with bzip2", "unpack it with bunzip2 first"},
	{"\xfd7zXZ\x00", "compressed with xz", "unpack it with unxz first"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it with unzstd first"},
	{"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first, and name the folder"},
	{"Rar!", "a RAR archive", "unpack it first, and name the folder"},
	{"\xff\xfe", "UTF-16 text", "save it as UTF-8"},
	{"\xfe\xff", "UTF-16 text", "save it as UTF-8"},
	{"@relation", "an ARFF file", "name the raw file of the same data, such as raw/watch/accel/data_1600_accel_watch.txt"},
	{"version https://git-lfs", "a pointer of Git LFS", "fetch the file that it stands for: git lfs pull"},
	{"PAR1", "a Parquet file", "write it as CSV"},
	{"\x93NUMPY", "an array of NumPy's", "write it as CSV"},
	{"<?xml", "XML", "the rows of the dataset are lines of " + columns + ";"},
	{"{", "JSON", "the rows of the dataset are lines of " + columns + ";"},
}

// layouts are texts that aren't read, by what they begin with.
var layouts = []struct {
	start      *regexp.Regexp
	name, next string
}{
	{regexp.MustCompile(`^<(!doctype html|html)`), "an HTML page", "download the file again"},
	{regexp.MustCompile(`^[^,\n]*\t`), "text with tabs between its columns", "write commas"},
	{regexp.MustCompile(`^[^,;\n]*;[^,;\n]*;`), "a CSV with ; between its columns", "write commas, and a point in numbers"},
	{regexp.MustCompile(`^,`), "a CSV whose first column has no name, as pandas writes an index", "leave that column out, in pandas with index=False"},
	{regexp.MustCompile(`^[^\n]*\r[^\n]+$`), "text whose lines end with a carriage return alone", "write it with line feeds"},
}

// sniff reads the beginning of a file. A format that can't be read is an error.
func sniff(path string) (format, error) {
	f, err := os.Open(path)
	if err != nil {
		return rawText, fmt.Errorf("open the rows: %w", err)
	}
	defer f.Close()
	start := make([]byte, sniffed)
	n, err := io.ReadFull(f, start)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return rawText, fmt.Errorf("open the rows: %w", err)
	}
	start = start[:n]
	switch {
	case n == 0:
		return rawText, fmt.Errorf("%s is empty: it holds no row", path)
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return zipFile, nil
	case bytes.HasPrefix(start, []byte{0x1f, 0x8b}):
		return gzipFile, nil
	case isTar(start):
		return tarFile, nil
	}
	text := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(start, []byte(byteOrderMark))))
	for _, r := range refused {
		if bytes.HasPrefix(start, []byte(r.magic)) || bytes.HasPrefix(text, []byte(r.magic)) {
			return rawText, fmt.Errorf("%s is %s, which isn't read: %s", path, r.name, r.next)
		}
	}
	for _, l := range layouts {
		if l.start.Match(text) {
			return rawText, fmt.Errorf("%s is %s, which isn't read: %s", path, l.name, l.next)
		}
	}
	return rawText, nil
}

// isTar looks for the magic of POSIX and GNU archives. Source: tar(5), "POSIX ustar
// Archives".
func isTar(start []byte) bool {
	return len(start) >= 262 && bytes.Equal(start[257:262], []byte("ustar"))
}

// listTar copies the raw files of an archive into one temporary file, since a tar
// can only be read from its beginning.
func listTar(name string, zipped bool) (*listing, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open the rows: %w", err)
	}
	defer f.Close()
	list := &listing{}
	if err := list.addTar(f, name, zipped); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", name, err), list.close())
	}
	if err := list.arrange(name); err != nil {
		return nil, errors.Join(err, list.close())
	}
	return list, nil
}

var errNoTar = errors.New("it is compressed with gzip, but isn't a tar archive: unpack it with gunzip first")

func (l *listing) addTar(from io.Reader, shown string, zipped bool) error {
	if zipped {
		unzipped, err := gzip.NewReader(from)
		if err != nil {
			return err
		}
		start, err := io.ReadAll(io.LimitReader(unzipped, sniffed))
		if err == nil && len(start) < sniffed { // a tar's blocks are as long
			return errNoTar
		}
		from = io.MultiReader(bytes.NewReader(start), unzipped)
	}
	to, err := newTemporary()
	if err != nil {
		return err
	}
	l.closers = append(l.closers, to)
	archive := tar.NewReader(from)
	for entries := 0; ; entries++ {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case entries == 0 && errors.Is(err, tar.ErrHeader):
			return errNoTar
		case err != nil:
			return cutShort(err)
		case header.Typeflag != tar.TypeReg || !wanted(header.Name):
			continue
		}
		start := to.size
		n, err := io.Copy(to, io.LimitReader(archive, maxInner-start))
		if err != nil {
			return fmt.Errorf("unpack %s: %w", header.Name, cutShort(err))
		}
		if n < header.Size {
			return fmt.Errorf("it unpacks to more than %d bytes", int64(maxInner))
		}
		to.size += n
		l.files = append(l.files, file{describe(header.Name), shown + "/" + header.Name, func() (io.ReadCloser, error) {
			return io.NopCloser(io.NewSectionReader(to, start, n)), nil
		}})
	}
}

func cutShort(err error) error {
	return fmt.Errorf("%w; the download may have been cut short: fetch it again", err)
}
