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

// How far a student's files are searched for labs.
const (
	searchDepth   = 10   // folders and archives, one in the other
	searchFolders = 2000 // a student's whole disk isn't searched
	searchZips    = 20   // archives
)

// add adds what a student has handed in: folders, zips and files.
func (f *finder) add(origin Origin, name string, paths ...string) {
	s := search{finder: f, left: studentBytes, found: map[string]string{}, loose: map[string]string{}, guessed: map[string]string{}, empty: map[string]string{}}
	root := paths[0]
	for _, path := range paths {
		info, err := os.Lstat(path)
		switch {
		case err != nil:
			s.problems = append(s.problems, reason(err))
		case info.IsDir():
			s.queue = append(s.queue, spot{path, 0})
		case isArchive(path):
			s.zip(path, 0)
		default:
			s.file(path)
		}
	}
	for len(s.queue) > 0 && s.seen < searchFolders {
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.folder(next)
	}
	submission := Submission{Student: name, Dir: root, Origin: origin, labs: s.found}
	if len(s.found)+len(s.loose)+len(s.guessed) == 0 {
		submission.Problem = s.problem()
	}
	for _, weaker := range []map[string]string{s.loose, s.guessed, s.empty} {
		for id, dir := range weaker {
			if s.found[id] == "" {
				s.found[id] = dir
			}
		}
	}
	f.class.Submissions = append(f.class.Submissions, submission)
}

// search is one student's.
type search struct {
	*finder
	queue      []spot
	found      map[string]string // folders that are called like a lab and have a file of it
	loose      map[string]string // other folders with a file of a lab
	guessed    map[string]string // folders with a file that can only be of one of the labs
	empty      map[string]string // folders that are called like a lab
	seen, zips int
	left       int64    // bytes that may still be unpacked
	others     []string // some of the files that were found
	problems   []string
}

type spot struct {
	path  string
	depth int
}

// folder looks at one folder, and puts those in it into the queue.
func (s *search) folder(at spot) {
	s.seen++
	entries, err := os.ReadDir(at.path)
	if err != nil {
		s.problems = append(s.problems, reason(err))
	}
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int { // where 'lab work' puts them comes first
		return cmp.Compare(rank(a), rank(b))
	})
	var names []string
	for _, e := range entries {
		path := filepath.Join(at.path, e.Name())
		switch {
		case lab.Junk(e.Name()):
		case e.IsDir() && at.depth < searchDepth:
			s.called(e.Name(), path)
			s.queue = append(s.queue, spot{path, at.depth + 1})
		case e.Type()&fs.ModeSymlink != 0: // isn't followed; the check of the lab says so
			keep(s.empty, s.lab(e.Name()), path)
		case at.depth < searchDepth && (isArchive(e.Name()) || e.Type().IsRegular() && packed(path)):
			s.zip(path, at.depth)
		case e.Type().IsRegular():
			keep(s.loose, s.labOf(e.Name()), at.path)
			s.others = append(s.others, e.Name())
			names = append(names, e.Name())
		}
	}
	if at.depth > 0 && lab.IsID(strings.ToLower(filepath.Base(at.path))) { // it is of that lab
		return
	}
	if meant := slices.DeleteFunc(slices.Clone(s.labs), func(l lab.Lab) bool { return !meant(l, names) }); len(meant) == 1 {
		keep(s.guessed, meant[0].ID, at.path)
	}
}

// meant reports whether one of these files is meant as one of the lab's.
func meant(l lab.Lab, names []string) bool {
	return slices.ContainsFunc(l.Files, func(file string) bool { return l.Meant(names, file) != "" })
}

// called notes a folder that is called like a lab.
func (s *search) called(name, path string) {
	id := s.lab(name)
	keep(s.empty, id, path)
	var names []string
	for _, e := range list(path) {
		if !e.IsDir() && !lab.Junk(e.Name()) {
			names = append(names, e.Name())
		}
	}
	for _, l := range s.labs {
		if l.ID == id && meant(l, names) {
			keep(s.found, id, path)
		}
	}
}

// lab returns the id of the lab that a folder is called by, or "".
func (s *search) lab(folder string) string {
	for _, l := range s.labs {
		if strings.EqualFold(l.ID, folder) {
			return l.ID
		}
	}
	return ""
}

func (s *search) zip(path string, depth int) {
	if s.zips++; s.zips > searchZips {
		return
	}
	dir, err := s.unpack(path, &s.left)
	if err != nil {
		s.problems = append(s.problems, fmt.Sprintf("%s can't be unpacked: %s", filepath.Base(path), reason(err)))
		return
	}
	s.queue = append(s.queue, spot{dir, depth + 1})
}

// file puts a file whose name has its student's into a folder, under its own name.
func (s *search) file(path string) {
	dir, err := s.scratch()
	if err == nil {
		own := filepath.Base(originOf(filepath.Base(path)).file)
		err = copyFile(filepath.Join(dir, own), path)
	}
	if err != nil {
		s.problems = append(s.problems, reason(err))
		return
	}
	s.queue = append(s.queue, spot{dir, 0})
}

// problem says why nothing was found.
func (s *search) problem() string {
	switch {
	case len(s.problems) > 0:
		return strings.Join(s.problems, "; ")
	case len(s.others) == 0:
		return "there are no files that can be read"
	case len(s.others) > 3:
		s.others = append(s.others[:3], "...")
	}
	return fmt.Sprintf("none of the labs' files, only %s", strings.Join(s.others, ", "))
}

// keep keeps the first folder of a lab.
func keep(dirs map[string]string, id, path string) {
	if id != "" && dirs[id] == "" {
		dirs[id] = path
	}
}

// reason leaves out the path that an error of the system has.
func reason(err error) string {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return err.Error()
}

func list(dir string) []fs.DirEntry {
	entries, _ := os.ReadDir(dir) // then it has none that can be seen
	return entries
}

func plainFolder(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}

func rank(e fs.DirEntry) int {
	if e.Name() == "work" {
		return 0
	}
	return 1
}
