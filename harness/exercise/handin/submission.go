// Package handin reads what a class has handed in: folders and zips as people and
// learning platforms name them, and the roster of who should have.
package handin

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
)

// Submission is what one student has handed in.
type Submission struct {
	Student string
	Dir     string            // the student's folder
	Problem string            // why nothing of it can be graded, "" otherwise
	Origin  Origin            // what the learning platform's name for it says
	Entry   *Entry            // the student on the roster, if there is one
	labs    map[string]string // the folder of each lab that was found, by id
}

// Seed returns what the student's rows are computed from: the roster's id, or without
// a roster the name.
func (s Submission) Seed() string {
	if s.Entry != nil {
		return s.Entry.ID
	}
	return s.Student
}

// Folder returns where the files of a lab are, or would be.
func (s Submission) Folder(id string) string {
	return cmp.Or(s.labs[id], filepath.Join(s.Dir, id))
}

// Class is what was handed in, by student.
type Class struct {
	Submissions []Submission
	unpacked    string
	leftOut     []string // files of archives, each with the reason
	strays      []string // files beside the students' folders
}

// Close removes what was unpacked.
func (c *Class) Close() error { return os.RemoveAll(c.unpacked) }

// Has says whether anybody has handed in files of a lab.
func (c *Class) Has(lab string) bool {
	return slices.ContainsFunc(c.Submissions, func(s Submission) bool { return s.labs[lab] != "" })
}

// Problems returns one line that names the students of whom nothing can be graded, and
// the files that were left out, each with the reason; "" where there are none.
func (c *Class) Problems() string {
	var all, lines []string
	for _, s := range c.Submissions {
		if s.Problem != "" {
			all = append(all, fmt.Sprintf("%s (%s)", s.Student, s.Problem))
		}
	}
	if len(all) > 0 {
		lines = append(lines, "nothing to grade was found of "+strings.Join(all, ", "))
	}
	if len(c.leftOut) > 0 {
		lines = append(lines, "left out of an archive: "+strings.Join(c.leftOut, ", "))
	}
	if len(c.strays) > 0 {
		lines = append(lines, "in no student's folder or zip, so not graded: "+strings.Join(c.strays, ", "))
	}
	return strings.Join(lines, "; ")
}

// Open returns what was handed in for some labs at a path: the files of one student,
// or one folder or zip per student, as a learning platform or a person collects them,
// or one zip of all that. A student's labs are searched for in folders and zips, as far as a
// few folders down, by the names of the labs' folders or of their files, whatever
// the case of letters. A folder without any student's files is an *[EmptyError].
// The caller closes the class.
func Open(at string, labs []lab.Lab) (*Class, error) {
	c := &Class{}
	f := finder{labs: labs, class: c}
	err := f.open(at)
	if err == nil && len(c.Submissions) == 0 {
		err = &EmptyError{at}
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

// open looks into a folder, or into a zip of a class's or a student's.
func (f *finder) open(at string) error {
	full, err := filepath.Abs(at)
	if err != nil {
		return err
	}
	info, err := os.Stat(full)
	if err != nil {
		return fmt.Errorf("look for students' files: %w", err)
	}
	name := filepath.Base(full)
	if info.IsDir() {
		return f.find(name, f.inner(at, false))
	}
	if !isArchive(name) {
		return f.find(name, at)
	}
	left := int64(classBytes)
	dir, err := f.unpack(full, &left)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", at, err)
	}
	return f.find(withoutEnding(name), f.inner(dir, true))
}

// inner returns the folder that holds the class, where people have zipped a folder, or
// folders around it. In a folder that nobody zipped, and deeper down, two students are
// needed who have the same lab: one may keep labs in several places.
func (f *finder) inner(dir string, zipped bool) string {
	entries := slices.DeleteFunc(list(dir), func(e fs.DirEntry) bool { return lab.Junk(e.Name()) })
	if len(entries) != 1 || !entries[0].IsDir() || originOf(entries[0].Name()).LMS != "" {
		return dir
	}
	below := filepath.Join(dir, entries[0].Name())
	if f.student(below) {
		return dir
	}
	students, seen, same := false, map[string]bool{}, false
	for _, e := range list(below) {
		path := filepath.Join(below, e.Name())
		students = students || isArchive(e.Name()) || originOf(e.Name()).LMS != "" || f.student(path)
		inside := append(list(path), list(filepath.Join(path, "work"))...)
		for _, l := range f.labs {
			has := slices.ContainsFunc(inside, func(e fs.DirEntry) bool {
				return e.IsDir() && strings.EqualFold(e.Name(), l.ID) || e.Type().IsRegular() && f.labOf(e.Name()) == l.ID
			})
			same, seen[l.ID] = same || has && seen[l.ID], seen[l.ID] || has
		}
	}
	if same || zipped && students {
		return below
	}
	if deeper := f.inner(below, false); deeper != below {
		return deeper
	}
	return dir
}

// student reports whether a folder holds one student's labs, or its work folder does.
func (f *finder) student(dir string) bool {
	work := filepath.Join(dir, "work")
	return f.single(dir) || plainFolder(work) && f.single(work)
}

func (f *finder) find(name, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look for students' files: %w", err)
	}
	if f.student(dir) {
		f.add(Origin{Name: name}, name, dir)
		return nil
	}
	students, names := map[string]*handedIn{}, map[string]int{}
	for _, e := range entries {
		origin := originOf(e.Name())
		regular := e.Type().IsRegular() && (isArchive(e.Name()) || origin.LMS != "")
		if lab.Junk(e.Name()) || !e.IsDir() && !regular { // a link could lead anywhere
			if e.Type().IsRegular() && !lab.Junk(e.Name()) && !strings.EqualFold(filepath.Ext(e.Name()), ".csv") { // a roster
				f.class.strays = append(f.class.strays, e.Name())
			}
			continue
		}
		s := students[origin.key()]
		if s == nil {
			s = &handedIn{origin: origin}
			students[origin.key()] = s
			names[origin.Name]++
		}
		s.origin.Late = s.origin.Late || origin.Late
		s.paths = append(s.paths, filepath.Join(dir, e.Name()))
	}
	for key, s := range students {
		name := s.origin.Name
		if names[name] > 1 {
			name = key // the number keeps them apart
		}
		f.add(s.origin, name, s.paths...)
	}
	slices.SortFunc(f.class.Submissions, func(a, b Submission) int { return strings.Compare(a.Student, b.Student) })
	return nil
}

type handedIn struct {
	origin Origin
	paths  []string // folders, zips and files
}

// single reports whether a folder has one student's files: a lab's file or folder is in
// it, or the folder of another lab than those that are graded. Students' folders can be
// called like that too, such as "07-garcia".
func (f *finder) single(dir string) bool {
	entries := list(dir)
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		return e.Type().IsRegular() && f.labOf(e.Name()) != "" || e.IsDir() && f.known(e.Name())
	}) {
		return true
	}
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.IsDir() && lab.IsID(strings.ToLower(e.Name())) }) &&
		!slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.IsDir() && f.student(filepath.Join(dir, e.Name())) })
}

// known reports whether a folder is called as one of the labs that are graded.
func (f *finder) known(folder string) bool {
	return slices.ContainsFunc(f.labs, func(l lab.Lab) bool { return strings.EqualFold(l.ID, folder) })
}

// labOf returns the id of the lab that a file's name is of, or "".
func (f *finder) labOf(file string) string {
	for _, l := range f.labs {
		if slices.ContainsFunc(l.Files, func(name string) bool { return lab.SameName(file, name) }) {
			return l.ID
		}
	}
	return ""
}

// EmptyError says that a folder or zip has no student's files.
type EmptyError struct{ Path string }

func (e *EmptyError) Error() string { return e.Path + " holds no student's files" }

// Hint says what it should hold.
func (e *EmptyError) Hint() string {
	return "want labs' folders in it, such as 03-flink, or one folder or zip per student that has them"
}
