package grade

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
)

// Submission is what one student has handed in.
type Submission struct {
	Student string
	Dir     string            // the student's folder
	Problem string            // why nothing of it can be graded, "" otherwise
	labs    map[string]string // the folder of each lab that was found, by id
}

// Folder returns where the files of a lab are, or would be.
func (s Submission) Folder(id string) string {
	return cmp.Or(s.labs[id], filepath.Join(s.Dir, id))
}

// Class is what was handed in, by student.
type Class struct {
	Submissions []Submission
	unpacked    string
}

// Close removes what was unpacked.
func (c *Class) Close() error { return os.RemoveAll(c.unpacked) }

// Problems returns one line that names the students of whom nothing can be graded,
// and why, "" where there are none.
func (c *Class) Problems() string {
	var all []string
	for _, s := range c.Submissions {
		if s.Problem != "" {
			all = append(all, fmt.Sprintf("%s (%s)", s.Student, s.Problem))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "nothing to grade was found of " + strings.Join(all, ", ")
}

// FindSubmissions returns what was handed in for some labs in dir: the files of one
// student, or one folder or zip per student, as a learning platform or a person
// collects them. A student's labs are searched for in folders and zips, as far as a
// few folders down, by the names of the labs' folders or of their files, whatever
// the case of letters. A folder without any student's files is an *[EmptyError].
// The caller closes the class.
func FindSubmissions(dir string, labs []lab.Lab) (*Class, error) {
	c := &Class{}
	f := finder{labs: labs, class: c}
	err := f.find(dir)
	if err == nil && len(c.Submissions) == 0 {
		err = &EmptyError{dir}
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

type finder struct {
	labs  []lab.Lab
	class *Class
}

func (f *finder) find(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look for students' files: %w", err)
	}
	work := filepath.Join(dir, "work")
	if f.single(entries) || plainFolder(work) && f.single(list(work)) {
		full, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		f.add(filepath.Base(full), dir)
		return nil
	}
	students, names := map[string]*handedIn{}, map[string]int{}
	for _, e := range entries {
		name, key := nameOf(e.Name())
		regular := e.Type().IsRegular() && (isZip(e.Name()) || key != name)
		if junk(e.Name()) || !e.IsDir() && !regular { // a link could lead anywhere
			continue
		}
		if students[key] == nil {
			students[key] = &handedIn{name: name}
			names[name]++
		}
		students[key].paths = append(students[key].paths, filepath.Join(dir, e.Name()))
	}
	for key, s := range students {
		if names[s.name] > 1 {
			s.name = key // the number keeps them apart
		}
		f.add(s.name, s.paths...)
	}
	slices.SortFunc(f.class.Submissions, func(a, b Submission) int { return strings.Compare(a.Student, b.Student) })
	return nil
}

type handedIn struct {
	name  string
	paths []string // folders, zips and files
}

// moodleName is how Moodle names what it hands out: one folder per student or, with
// "download submissions in folders" off, each file, with its own name at the end.
var moodleName = regexp.MustCompile(`^(.+)_([0-9]+)_assignsubmission_[a-z]+_?(.*)$`)

// nameOf returns the student's name that a folder or a file is called by, and a key
// that no other student has.
func nameOf(file string) (name, key string) {
	if m := moodleName.FindStringSubmatch(file); m != nil {
		return m[1], m[1] + "_" + m[2]
	}
	if isZip(file) {
		file = strings.TrimSuffix(file, filepath.Ext(file))
	}
	return file, file
}

// single reports whether these are one student's files: a lab's folder or file is
// among them.
func (f *finder) single(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.IsDir() && lab.IsID(strings.ToLower(e.Name())) || e.Type().IsRegular() && f.labOf(e.Name()) != ""
	})
}

// labOf returns the id of the lab that a file's name is of, or "".
func (f *finder) labOf(file string) string {
	for _, l := range f.labs {
		if slices.ContainsFunc(l.Files, func(name string) bool { return strings.EqualFold(name, file) }) {
			return l.ID
		}
	}
	return ""
}

// EmptyError says that a folder has no student's files.
type EmptyError struct{ Dir string }

func (e *EmptyError) Error() string { return e.Dir + " holds no student's files" }

// Hint says what it should hold.
func (e *EmptyError) Hint() string {
	return "want labs' folders in it, such as 03-flink, or one folder or zip per student that has them"
}
