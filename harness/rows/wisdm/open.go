package wisdm

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Options say how raw rows are read.
type Options struct {
	// OnBad, if set, is called with each malformed row, which is then left out.
	// Otherwise the first malformed row ends the reading with its *RowError.
	OnBad func(*RowError)
	// Device and Sensor are those of a file whose name and folders don't give
	// them; "unknown" where they are empty.
	Device, Sensor string
}

// Open returns the rows of a file, a folder, a zip, a tar or a tar.gz at path. The
// content decides which it is, not the name. A single file may begin with a line
// that names the columns, as a CSV does; its rows then need no ; at their end.
//
// Of a folder or an archive, the files named data_<subject>_<accel|gyro>_<phone|watch>.txt
// are read, however deep they lie, sorted by device, sensor and subject, which
// is the order of the dataset's own paths; a row of another subject than its file's
// name is a *RowError. It is an error if there are none, or two of one name. A
// single file may have any name. A link that leads out of the folder isn't followed.
// All files are read at the same time, and their rows come in the order of their event
// times; [FileOrder] has them file by file.
//
// A zip's entries are read where they are. A zip in a zip, as UCI serves the
// dataset, is read in place too where the outer one stores it as it is;
// otherwise each reading copies it into a temporary file, which is gone when
// the source is closed or at its end. So are the files of a tar.
//
// Each source of the input is an io.Closer.
func Open(path string, opt Options) (Input, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open the rows: %w; name a raw file, a folder or a zip of the WISDM dataset", err)
	}
	if info.IsDir() {
		return checked(input{name: path, opt: opt, list: func() (*listing, error) { return listFolder(path) }})
	}
	kind, err := sniff(path)
	if err != nil {
		return nil, err
	}
	switch kind {
	case zipFile:
		return checked(input{name: path, opt: opt, list: func() (*listing, error) { return listZip(path) }})
	case gzipFile, tarFile:
		return checked(input{name: path, opt: opt, list: func() (*listing, error) { return listTar(path, kind == gzipFile) }})
	}
	return input{name: path, opt: opt, list: func() (*listing, error) { return listFile(path), nil }}, nil
}

// OpenFS returns the rows of fsys, which are found as those of a folder are.
// name is its name in messages.
func OpenFS(fsys fs.FS, name string, opt Options) (Input, error) {
	return checked(input{name: name, opt: opt, list: func() (*listing, error) { return listFS(fsys, name) }})
}

// input finds its files anew each time it is opened: it is never closed, so it
// can't keep an archive open.
type input struct {
	name string
	opt  Options
	list func() (*listing, error)
	// whole: a file of several subjects is one source, in its own order.
	whole bool
}

// checked lists the files once, to report a folder without rows right away.
func checked(in input) (Input, error) {
	files, err := in.list()
	if err != nil {
		return nil, err
	}
	if err := files.close(); err != nil {
		return nil, fmt.Errorf("close %s: %w", in.name, err)
	}
	return in, nil
}

// Name returns the path, or the name that OpenFS was given.
func (in input) Name() string { return in.name }

// Open returns a source that begins at the first row.
func (in input) Open() (Source, error) { return opened(in.parts()) }

// parts opens the files, each as a stream of its own; one of several subjects is read
// once for each of them.
func (in input) parts() (parts, error) {
	files, err := in.list()
	if err != nil {
		return parts{}, err
	}
	var p parts
	var readers []*reader
	p.close = func() error {
		var failed []error
		for _, r := range readers {
			failed = append(failed, r.finish())
		}
		return errors.Join(append(failed, files.close())...)
	}
	for _, f := range files.files {
		of := []*section{nil}
		if !in.whole {
			if of, err = sections(f); err != nil {
				return parts{}, errors.Join(fmt.Errorf("open %s: %w", f.shown, err), p.close())
			}
		}
		for _, s := range of {
			r := newReader(f, in.opt)
			r.of = s
			readers, p.sources = append(readers, r), append(p.sources, r)
		}
	}
	return p, nil
}

func listFolder(path string) (*listing, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the rows: %w", err)
	}
	files, err := listFS(root.FS(), filepath.Clean(path))
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	files.closers = append(files.closers, root)
	return files, nil
}

func listFile(path string) *listing {
	absolute, err := filepath.Abs(path)
	if err != nil { // the folders' names are unknown then
		absolute = path
	}
	return &listing{files: []file{{
		about: describe(filepath.ToSlash(absolute)), shown: path,
		open: func() (io.ReadCloser, error) { return os.Open(path) },
	}}}
}
