package author

import (
	"bytes"
	"io/fs"
	"path"
	"slices"

	"hoplab.example/harness/exercise/lab"
)

// Fixme marks what a lab's author has yet to write.
const Fixme = "FIXME"

// files checks that each file is there with a TODO for the student, and in the
// solution without one.
func (l *linter) files(dir string, found lab.Lab) {
	definition := path.Join(dir, lab.File)
	text, _ := fs.ReadFile(l.Checkout, definition) // it has just been read
	for i, name := range found.Files {
		line := lab.Line(text, "files", i)
		switch work, text, err := found.Folder.Work(name); {
		case err != nil:
			l.add(File, definition, line, "%s isn't there", work)
		case lab.TodoLine(text) == 0:
			l.add(File, work, 1, "there is no %s for the student to fill in", lab.Todo)
		case lab.TodoLine(head(text)) > 0 && lab.TodoLine(text[len(head(text)):]) > 0:
			l.add(File, work, lab.TodoLine(text), "the comment at the head says %s, which is still there when everything is filled in: write 'what is marked'", lab.Todo)
		}
		switch label, text, err := found.Folder.Solution(name); {
		case err != nil:
			l.add(File, definition, line, "%s isn't there", label)
		case lab.TodoLine(text) > 0:
			l.add(File, label, lab.TodoLine(text), "the solution still has a %s", lab.Todo)
		}
	}
	entries, _ := fs.ReadDir(l.Checkout, path.Join(dir, "work")) // each file has reported that it isn't there
	for _, e := range entries {
		if !slices.Contains(found.Files, e.Name()) && !lab.Junk(e.Name()) {
			l.add(File, path.Join(dir, "work", e.Name()), 1, "%s doesn't name this file, so no student gets it", lab.File)
		}
	}
}

// head returns the comment with which a file begins. Students leave it as it is.
func head(text []byte) []byte {
	n := 0
	for line := range bytes.Lines(text) {
		if !bytes.HasPrefix(line, []byte("--")) && !bytes.HasPrefix(line, []byte("#")) {
			break
		}
		n += len(line)
	}
	return text[:n]
}

// unwritten reports what the author has yet to write.
func (l *linter) unwritten(dir string) {
	_ = fs.WalkDir(l.Checkout, dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // other rules report what can't be read
		}
		text, err := fs.ReadFile(l.Checkout, file)
		if err != nil {
			return nil
		}
		number := 0
		for line := range bytes.Lines(text) {
			number++
			if at := bytes.Index(line, []byte(Fixme)); at >= 0 {
				l.add(Unwritten, file, number, "%s", bytes.TrimSpace(line[at:]))
			}
		}
		return nil
	})
}

// lineAt returns the line of an offset, from 1.
func lineAt(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }
