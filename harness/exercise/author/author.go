// Package author checks what the authors of labs have written, without a server
// (Lint) and on a stack (Try), and makes the folder of a new lab.
//
// # The points of a page
//
// The first "N points" of a page, outside of code, is the lab's total: that of
// all checks of its lab.yaml, the hidden ones too. A page need not say it.
//
// # What is left to write
//
// FIXME in a lab's files marks what its author has yet to write, in the files of
// a new lab for a start. TODO is what a student has to fill in.
package author

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
)

// Course is a folder of labs.
type Course struct {
	// Root is what links may lead to: the whole checkout. Labs is the labs' folder
	// in it, with slashes.
	Root fs.FS
	Labs string
	// Solution reads a file of a lab's solution, which may be kept elsewhere than
	// in the lab's folder. label is its path in Root.
	Solution func(lab, name string) (label string, text []byte, err error)
}

// Open returns the labs of a folder and the checkout that it is in. Without one,
// links may lead no further than the folder.
func Open(dir string) (Course, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return Course{}, fmt.Errorf("open the labs' folder: %w", err)
	}
	top := checkout(dir)
	if top == "" {
		top = dir
	}
	inside, err := filepath.Rel(top, dir)
	if err != nil {
		return Course{}, fmt.Errorf("open the labs' folder: %w", err)
	}
	root, err := os.OpenRoot(top) // a link out of the checkout isn't followed
	if err != nil {
		return Course{}, fmt.Errorf("open the checkout: %w", err)
	}
	c := Course{Root: root.FS(), Labs: filepath.ToSlash(inside)}
	c.Solution = c.kept
	return c, nil
}

// kept reads a file of a solution where it is kept in the checkout: in the lab's
// folder, or, such as a dashboard, where the pipeline has it.
func (c Course) kept(lab, name string) (label string, text []byte, err error) {
	label = path.Join(c.Labs, lab, "solution", name)
	text, err = fs.ReadFile(c.Root, label)
	if !errors.Is(err, fs.ErrNotExist) {
		return label, text, err
	}
	elsewhere, _, absent := pipeline.Solutions(lab, name)
	if absent != nil {
		return label, nil, err
	}
	text, err = fs.ReadFile(c.Root, elsewhere)
	return elsewhere, text, err
}

// Folder returns the labs' folder of the checkout that dir is in.
func Folder(dir string) (string, error) {
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

// Lesson reads and checks a lab's lab.yaml, see [lesson.Read].
func (c Course) Lesson(id string) (lab.Lesson, error) {
	labs, err := fs.Sub(c.Root, c.Labs)
	if err != nil {
		return lab.Lesson{}, err
	}
	return lab.Read(labs, id)
}
