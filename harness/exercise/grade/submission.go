package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
)

// Submission is what one student has handed in: a folder with one folder per lab
// in it, such as 03-flink.
type Submission struct {
	Student string // the name of the folder that was handed in
	Dir     string
}

// FindSubmissions returns the submissions in dir, by student. A student's labs are in the
// folder itself or in its folder work, where 'lab work' puts them. A folder that
// holds neither labs nor students is an error.
func FindSubmissions(dir string) ([]Submission, error) {
	labs, others, err := list(dir)
	if err != nil {
		return nil, err
	}
	if labs {
		return one(dir, dir)
	}
	if work := filepath.Join(dir, "work"); slices.Contains(others, "work") {
		if labs, _, err := list(work); err == nil && labs { // others has no links
			return one(dir, work)
		}
	}
	var all []Submission
	for _, name := range others {
		all = append(all, Submission{name, folder(filepath.Join(dir, name))})
	}
	if len(all) == 0 {
		return nil, &EmptyError{dir}
	}
	slices.SortFunc(all, func(a, b Submission) int { return strings.Compare(a.Student, b.Student) })
	return all, nil
}

func one(dir, labs string) ([]Submission, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	return []Submission{{filepath.Base(full), labs}}, nil
}

// folder returns where a student's labs are.
func folder(dir string) string {
	if labs, _, err := list(dir); err == nil && labs {
		return dir
	}
	work := filepath.Join(dir, "work")
	if labs, _, err := list(work); err == nil && labs && !linked(work) {
		return work
	}
	return dir // without any lab: each of its checks says what isn't there
}

// linked says whether a student's folder is a link, which could lead to the files
// of another one.
func linked(dir string) bool {
	info, err := os.Lstat(dir)
	return err != nil || info.Mode()&os.ModeSymlink != 0
}

// list says whether a folder has labs, and names its other folders. Links are
// left out, as they could lead anywhere.
func list(dir string) (labs bool, others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, nil, fmt.Errorf("look for students' files: %w", err)
	}
	for _, e := range entries {
		switch {
		case !e.IsDir() || e.Name()[0] == '.':
		case lab.IsID(e.Name()):
			labs = true
		default:
			others = append(others, e.Name())
		}
	}
	return labs, others, nil
}

// EmptyError says that a folder has no student's files.
type EmptyError struct{ Dir string }

func (e *EmptyError) Error() string { return e.Dir + " holds no student's files" }

// Hint says what it should hold.
func (e *EmptyError) Hint() string {
	return "want labs' folders in it, such as 03-flink, or one folder per student that has them"
}
