package wisdm

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const wantedNames = "data_<subject>_<accel|gyro>_<phone|watch>.txt"

var dataName = regexp.MustCompile(`^data_([0-9]{1,9})_(accel|gyro)_(phone|watch)\.txt$`)

// firstName is the file of an older dataset, "Activity Prediction" v1.1, which has all
// its subjects, and the accelerometer of a phone. Source: WISDM_ar_v1.1_raw_about.txt
// beside it, at cis.fordham.edu/wisdm/dataset.php.
const firstName = "WISDM_ar_v1.1_raw.txt"

// about is what a file's path says about its rows; "" and -1 where it doesn't.
type about struct {
	subject        int
	device, sensor string
}

// describe reads a slash-separated path. The file's name counts first, then
// its folders, such as raw/watch/accel.
func describe(name string) about {
	if match := dataName.FindStringSubmatch(path.Base(name)); match != nil {
		subject, _ := strconv.Atoi(match[1]) // nine digits fit
		return about{subject, match[3], match[2]}
	}
	if path.Base(name) == firstName {
		return about{-1, "phone", "accel"}
	}
	found := about{subject: -1}
	for _, folder := range strings.Split(path.Dir(name), "/") {
		switch folder {
		case "phone", "watch":
			found.device = folder
		case "accel", "gyro":
			found.sensor = folder
		}
	}
	return found
}

// file is one file of rows. shown is its name in messages.
type file struct {
	about
	shown string
	open  func() (io.ReadCloser, error)
}

// listing is the files of an input, and what must be closed after them.
type listing struct {
	files   []file
	closers []io.Closer
}

// close closes the archives, the innermost first. It may be called again.
func (l *listing) close() error {
	var failed []error
	for _, c := range slices.Backward(l.closers) {
		failed = append(failed, c.Close())
	}
	l.closers = nil
	return errors.Join(failed...)
}

// wanted reports whether a path is one of the dataset's raw files, and not one of
// those beside them: the readme, arff_files, and the __MACOSX folder of some
// archives.
func wanted(name string) bool {
	base := path.Base(name)
	return (dataName.MatchString(base) || base == firstName) && !besides(name)
}

// besides reports what macOS adds to an archive: the folder __MACOSX, and files whose
// names begin with "._".
func besides(name string) bool {
	return slices.Contains(strings.Split(name, "/"), "__MACOSX") || strings.HasPrefix(path.Base(name), "._")
}

func listFS(fsys fs.FS, shown string) (*listing, error) {
	w := walk{fsys: fsys, shown: shown}
	err := w.folder(".")
	for i := 0; i < len(w.links) && err == nil; i++ { // folder may find more of them
		err = w.folder(w.links[i])
	}
	if err != nil {
		return nil, fmt.Errorf("look for rows in %s: %w", shown, err)
	}
	if len(w.list.files) == 0 && w.archive != "" {
		return nil, fmt.Errorf("%w; it holds %s: name that file instead", noRows(shown), w.archive)
	}
	if len(w.list.files) == 0 && w.lost != "" {
		return nil, fmt.Errorf("%w; %s is a link that leads out of it, or nowhere: name what it leads to instead", noRows(shown), w.lost)
	}
	return &w.list, w.list.arrange(shown)
}

// walk looks for rows in a folder and, after its own folders, in those of it that are
// links, each once.
type walk struct {
	fsys    fs.FS
	shown   string
	list    listing
	archive string // the last one seen
	lost    string // a link that isn't followed
	links   []string
	seen    []fs.FileInfo // of folders
}

func (w *walk) folder(root string) error {
	return fs.WalkDir(w.fsys, root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := fs.Stat(w.fsys, name) // of what a link leads to
		switch {
		case err != nil && wanted(name): // reading it reports why
			w.add(name)
		case err != nil:
			w.lost = name
		case info.IsDir() && entry.Type()&fs.ModeSymlink != 0:
			w.links = append(w.links, name)
		case info.IsDir() && slices.ContainsFunc(w.seen, func(other fs.FileInfo) bool { return os.SameFile(info, other) }):
			return fs.SkipDir
		case info.IsDir():
			w.seen = append(w.seen, info)
		case wanted(name):
			w.add(name)
		case path.Ext(name) == ".zip":
			w.archive = name
		}
		return nil
	})
}

func (w *walk) add(name string) {
	w.list.files = append(w.list.files, file{describe(name), w.shown + "/" + name,
		func() (io.ReadCloser, error) {
			f, err := w.fsys.Open(name)
			if info, seen := fs.Lstat(w.fsys, name); err != nil && seen == nil && info.Mode()&fs.ModeSymlink != 0 {
				return nil, errors.New("it is a link that leads out of the folder, or nowhere: name what it leads to instead")
			}
			return f, err
		}})
}

func noRows(shown string) error {
	return fmt.Errorf("%s holds no raw file of the WISDM dataset: files named %s are looked for, such as wisdm-dataset/raw/watch/accel/data_1600_accel_watch.txt",
		shown, wantedNames)
}

// arrange sorts the files. It reports that there are none, or that two are of one
// stream: one must be a copy, and its rows would count twice.
func (l *listing) arrange(shown string) error {
	if len(l.files) == 0 {
		return noRows(shown)
	}
	slices.SortFunc(l.files, func(a, b file) int {
		return cmp.Or(cmp.Compare(a.device, b.device), cmp.Compare(a.sensor, b.sensor), cmp.Compare(a.subject, b.subject),
			cmp.Compare(a.shown, b.shown))
	})
	for i := range l.files[1:] {
		if a, b := l.files[i], l.files[i+1]; a.about == b.about {
			return fmt.Errorf("%s holds the rows of %s of %s, subject %d, twice: %s and %s; remove one of them",
				shown, a.sensor, a.device, a.subject, a.shown, b.shown)
		}
	}
	return nil
}
