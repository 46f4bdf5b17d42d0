// Package lab reads what a lab asks for: its lab.yaml, with the files that a
// student fills in, and the checks, with their points, hints and reasons.
package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// File is the file in each lab's folder that defines the lab.
const File = "lab.yaml"

// Lab is a lab, as its lab.yaml describes it. Unknown keys are errors.
type Lab struct {
	ID     string `yaml:"-"` // its folder's name, such as "03-flink"
	Folder Folder `yaml:"-"`

	Title string `yaml:"title"`
	Hop   string `yaml:"hop"` // the hop that the lab is about
	// Components are the servers that its checks need. What those need in turn is
	// implied.
	Components []string `yaml:"components"`
	// Files are what the student fills in: each is in work/, with TODOs, and in
	// solution/.
	Files []string `yaml:"files"`
	// Rows is how many rows the grader sends.
	Rows   int64   `yaml:"rows"`
	Checks []Check `yaml:"checks"`
}

// Check is one thing that a lab asks for.
type Check struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Run is the kind of check, one that the grader knows.
	Run string `yaml:"run"`
	// With has the kind's options, see [Kind].
	With   map[string]string `yaml:"with"`
	Points int               `yaml:"points"`
	// After names checks without which this one makes no sense: if one of them
	// hasn't passed, it is skipped.
	After []string `yaml:"after"`
	// Limit is how long it may take; 0 stands for DefaultLimit.
	Limit  time.Duration `yaml:"limit"`
	Hidden bool          `yaml:"hidden"`
	// Rationale says why this is checked. Hints say how to go on, the vaguest first.
	Rationale string   `yaml:"rationale"`
	Hints     []string `yaml:"hints"`
}

// DefaultLimit is the limit of a check that sets none.
const DefaultLimit = time.Minute

// Number returns 3 for "03-flink".
func (l Lab) Number() int {
	n := 0
	fmt.Sscanf(l.ID, "%d", &n)
	return n
}

// Practice returns the lab without its hidden checks, as a student works on it.
func (l Lab) Practice() Lab {
	l.Checks = slices.DeleteFunc(slices.Clone(l.Checks), func(c Check) bool { return c.Hidden })
	return l
}

// Points returns how many points the lab has.
func (l Lab) Points() (sum int) {
	for _, c := range l.Checks {
		sum += c.Points
	}
	return sum
}

// Read reads and checks one lab. The error joins one *[Problem] for each thing
// that is wrong with its definition.
func (s Set) Read(id string) (Lab, error) {
	folder := s.Folder(id)
	name := path.Join(folder.Name, File)
	text, err := fs.ReadFile(folder.FS, File)
	if err != nil {
		return Lab{}, fmt.Errorf("read lab %s: %w", id, err)
	}
	if !utf8.Valid(text) { // YAML may be UTF-16 too, whose lines no editor counts alike
		return Lab{}, &Problem{name, 1, "this isn't UTF-8; save the file as UTF-8"}
	}
	l := Lab{ID: id, Folder: folder}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&l); err != nil && !errors.Is(err, io.EOF) {
		return Lab{}, unread(name, err)
	}
	if err := located(name, text, l.problems()); err != nil {
		return Lab{}, err
	}
	return l, nil
}
