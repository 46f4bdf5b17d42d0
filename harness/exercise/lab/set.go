package lab

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/labs"
)

// Set is a folder of labs. A lab's folder has a name such as "03-flink"; others are
// ignored.
type Set struct {
	// Checkout is what the labs' links may lead to; nil for hoplab's own labs as
	// they are in the binary.
	Checkout fs.FS
	Dir      string // the labs' folder in the checkout, with slashes
	files    fs.FS  // the labs' folder
	private  fs.FS  // a teacher's own, nil without it
}

// Ours returns hoplab's own labs.
func Ours() Set { return Set{Dir: "labs", files: labs.Files} }

// In returns the labs in a folder of a checkout.
func In(checkout fs.FS, dir string) (Set, error) {
	files, err := fs.Sub(checkout, dir)
	return Set{Checkout: checkout, Dir: dir, files: files}, err
}

// Open returns the labs of a folder on the disk and the checkout that it is in.
// Without a checkout, links may lead no further than the folder.
func Open(dir string) (Set, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return Set{}, fmt.Errorf("open the labs' folder: %w", err)
	}
	top := checkout(dir)
	if top == "" {
		top = dir
	}
	inside, err := filepath.Rel(top, dir)
	if err != nil {
		return Set{}, fmt.Errorf("open the labs' folder: %w", err)
	}
	root, err := os.OpenRoot(top) // a link out of the checkout isn't followed
	if err != nil {
		return Set{}, fmt.Errorf("open the checkout: %w", err)
	}
	return In(root.FS(), filepath.ToSlash(inside))
}

// WithPrivate returns the labs with what a teacher keeps from students in a folder of
// their own: NN-name/checks.yaml has more checks, all hidden, and NN-name/solution the
// solution.
func (s Set) WithPrivate(dir string) (Set, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return s, fmt.Errorf("open the private folder: %w", err)
	}
	s.private = root.FS()
	known, err := s.IDs()
	if err != nil {
		return s, err
	}
	entries, err := fs.ReadDir(s.private, ".")
	for _, e := range entries {
		if IsID(e.Name()) && !slices.Contains(known, e.Name()) {
			return s, fmt.Errorf("the private folder %s has %s, and there is no such lab", dir, e.Name())
		}
	}
	return s, err
}

// Default returns the labs' folder of the checkout that dir is in.
func Default(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	top := checkout(dir)
	if top == "" {
		return "", fmt.Errorf("%s is in no checkout with a go.mod: name the labs' folder", dir)
	}
	return filepath.Join(top, "labs"), nil
}

// checkout returns the nearest folder with a go.mod that dir is in, or "".
func checkout(dir string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			return ""
		}
		dir = above
	}
}

var id = regexp.MustCompile(`^[0-9]{2}(-[a-z0-9]+)+$`)

// IsID reports whether a folder's name is that of a lab, such as "03-flink".
func IsID(name string) bool { return id.MatchString(name) }

// IDs returns the labs' ids, by number.
func (s Set) IDs() (ids []string, err error) {
	entries, err := fs.ReadDir(s.files, ".")
	for _, e := range entries {
		if e.IsDir() && IsID(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	return ids, err
}

// All reads every lab, by number. An error is that of the first one that can't be
// read.
func (s Set) All() (all []Lab, err error) {
	ids, err := s.IDs()
	for _, id := range ids {
		l, err := s.Read(id)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, err
}

// Folder returns a lab's folder, whether or not it is there.
func (s Set) Folder(id string) Folder {
	files, err := fs.Sub(s.files, id)
	if err != nil { // ids are names of folders
		panic(err)
	}
	f := Folder{ID: id, Name: path.Join(s.Dir, id), FS: files, checkout: s.Checkout}
	if s.private != nil {
		if f.private, err = fs.Sub(s.private, id); err != nil {
			panic(err)
		}
	}
	return f
}

// Find returns the lab that a person calls "3", "03", "flink" or "03-flink".
func Find(all []Lab, name string) (Lab, error) {
	var known []string
	for _, l := range all {
		number, short, _ := strings.Cut(l.ID, "-")
		if slices.Contains([]string{l.ID, number, strings.TrimLeft(number, "0"), short}, name) {
			return l, nil
		}
		known = append(known, l.ID)
	}
	return Lab{}, fmt.Errorf("there is no lab %q; the labs are %s", name, strings.Join(known, ", "))
}
