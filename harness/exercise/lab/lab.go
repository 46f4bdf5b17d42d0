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
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// File is what each lab's folder has its definition in.
const File = "lab.yaml"

// Lesson is a lab, as its lab.yaml describes it. Unknown keys are errors.
type Lesson struct {
	ID string `yaml:"-"` // its folder, such as "03-flink"

	Title string `yaml:"title"`
	Hop   string `yaml:"hop"` // the hop that the lab is about
	// Components are what its checks need, besides what these need.
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
	// With says more, in words that depend on the kind.
	With   map[string]string `yaml:"with"`
	Points int               `yaml:"points"`
	// After names checks without which this one makes no sense: if one of them
	// hasn't passed, it is skipped.
	After []string `yaml:"after"`
	// Limit is how long it may take; DefaultLimit if it isn't said.
	Limit  time.Duration `yaml:"limit"`
	Hidden bool          `yaml:"hidden"`
	// Rationale says why it is checked, Hints how to go on, the vaguest first.
	Rationale string   `yaml:"rationale"`
	Hints     []string `yaml:"hints"`
}

// DefaultLimit is how long a check may take that says nothing of it.
const DefaultLimit = time.Minute

// Number returns 3 for "03-flink".
func (l Lesson) Number() int {
	n := 0
	fmt.Sscanf(l.ID, "%d", &n)
	return n
}

// Points returns how many points the lab has.
func (l Lesson) Points() (sum int) {
	for _, c := range l.Checks {
		sum += c.Points
	}
	return sum
}

var folder = regexp.MustCompile(`^[0-9]{2}-[a-z0-9-]+$`)

// All reads every lab of a folder of labs, by number.
func All(labs fs.FS) ([]Lesson, error) {
	entries, err := fs.ReadDir(labs, ".")
	if err != nil {
		return nil, err
	}
	var all []Lesson
	for _, e := range entries {
		if !IsID(e.Name()) {
			continue
		}
		l, err := Read(labs, e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Find returns the lab that a person calls "3", "03", "flink" or "03-flink".
func Find(all []Lesson, name string) (Lesson, error) {
	var known []string
	for _, l := range all {
		number, short, _ := strings.Cut(l.ID, "-")
		if slices.Contains([]string{l.ID, number, strings.TrimLeft(number, "0"), short}, name) {
			return l, nil
		}
		known = append(known, l.ID)
	}
	return Lesson{}, fmt.Errorf("there is no lab %q; the labs are %s", name, strings.Join(known, ", "))
}

// IsID reports whether a folder's name is that of a lab, such as "03-flink".
func IsID(name string) bool { return folder.MatchString(name) }

// Read reads and checks one lab. Errors are a *[Problem] for each that is wrong
// with its definition.
func Read(labs fs.FS, id string) (Lesson, error) {
	name := path.Join(id, File)
	text, err := fs.ReadFile(labs, name)
	if err != nil {
		return Lesson{}, fmt.Errorf("read lab %s: %w", id, err)
	}
	if !utf8.Valid(text) { // YAML may be UTF-16 too, whose lines no editor counts alike
		return Lesson{}, &Problem{name, 1, "this isn't UTF-8; save the file as UTF-8"}
	}
	l := Lesson{ID: id}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&l); err != nil && !errors.Is(err, io.EOF) {
		return Lesson{}, unread(name, err)
	}
	if err := located(name, text, l.problems()); err != nil {
		return Lesson{}, err
	}
	return l, nil
}
