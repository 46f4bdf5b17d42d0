package grade

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/fence"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/printable"
	"hoplab.example/labs"
)

func init() {
	register(lab.Kind{Name: "files", Doc: "all files of the lab are there, are filled in, and name nothing that isn't the student's own"}, checkFiles)
}

// maxFile is how long a student's file may be, in bytes.
const maxFile = 1 << 20

// read returns a file of a lab: the student's where the attempt is at that lab.
func (a *attempt) read(lab, name string) (label string, text []byte, err error) {
	if lab != a.lab.ID {
		return labs.Solution(lab, name)
	}
	return a.open(name)
}

// open returns a student's file that the fence lets through, whether or not a check
// before has looked at it: the file may be another one by now.
func (a *attempt) open(name string) (label string, text []byte, err error) {
	if label, text, err = a.raw(name); err == nil {
		err = a.fence(label, text)
	}
	return label, text, err
}

// sql is open for a file of SQL, which is parsed once: what the fence has looked
// at is what runs.
func (a *attempt) sql(lab, name string) ([]flink.Statement, error) {
	label, text, err := labs.Solution(lab, name)
	if lab == a.lab.ID {
		label, text, err = a.raw(name)
	}
	if err != nil {
		return nil, err
	}
	return fence.SQL(label, string(text), a.student.Params(), a.rules())
}

// raw reads a student's file, as far as it is a plain file of a sensible size.
// What is wrong with it is the student's fault, and names no folder of the grader.
func (a *attempt) raw(name string) (label string, text []byte, err error) {
	label = a.lab.ID + "/" + name
	var fault *fence.Fault
	if err := fence.Folder(a.dir); errors.As(err, &fault) {
		fault.File = a.lab.ID
		return label, nil, fault
	}
	root, err := os.OpenRoot(a.dir) // a link out of the folder isn't followed
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return label, nil, &missingError{label: label}
	}
	if err != nil {
		return label, nil, unreadable(label, err)
	}
	defer root.Close()
	file, err := root.OpenFile(cmp.Or(a.lab.Meant(lab.FileNames(root), name), name), os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe isn't waited for
	if errors.Is(err, os.ErrNotExist) {
		return label, nil, &missingError{label, lab.FileNames(root)}
	}
	if err != nil {
		info, failed := root.Lstat(name)
		switch {
		case failed == nil && info.Mode()&os.ModeSymlink != 0:
			return label, nil, &fence.Fault{File: label, Reason: "it is a symbolic link that leads out of the folder", Do: "hand in the file itself"}
		case failed == nil && !info.Mode().IsRegular(): // such as a socket, which can't be opened
			return label, nil, fmt.Errorf("%s isn't a file", label)
		}
		return label, nil, unreadable(label, err)
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return label, nil, unreadable(label, err)
	case !info.Mode().IsRegular():
		return label, nil, fmt.Errorf("%s isn't a file", label)
	case info.Size() > maxFile:
		return label, nil, fmt.Errorf("%s has %d bytes, more than the %d that are read", label, info.Size(), maxFile)
	}
	if text, err = io.ReadAll(io.LimitReader(file, maxFile)); err != nil {
		return label, nil, unreadable(label, err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // editors on Windows write it
	if what := foreign(text); what != "" {
		return label, nil, fmt.Errorf("%s is %s", label, what)
	}
	if !bytes.Contains(text, []byte("\n")) { // some on Macs end lines so
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	return label, []byte(a.lab.Personal(string(text), a.name)), nil // the lab's own file names ${name}
}

// foreign says what a file is instead of the plain text that was asked for, and what to
// do; "" if it is that.
func foreign(text []byte) string {
	const (
		plain   = ": hand in the plain text that is in it"
		page    = "a web page" + plain
		picture = "a picture" + plain
		itself  = ": hand in the file itself"
	)
	for _, format := range []struct{ begins, what string }{
		{"\xff\xfe", utf16}, {"\xfe\xff", utf16},
		{"{\\rtf", "RTF, as a word processor saves it: save it as plain text"},
		{"PK\x03\x04", "a zip or an Office document" + plain},
		{"\xd0\xcf\x11\xe0", "an Office document" + plain},
		{"%PDF", "a PDF" + plain},
		{"\x1f\x8b", "compressed with gzip" + itself}, {"Rar!", "a RAR archive" + itself}, {"7z\xbc\xaf", "a 7z archive" + itself},
		{"\x89PNG", picture}, {"\xff\xd8\xff", picture},
		{"<!doctype html", page}, {"<!DOCTYPE html", page}, {"<html", page},
		{"```", "Markdown: leave out the line that begins with ```, and the one at the end"},
	} {
		if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte(format.begins)) {
			return format.what
		}
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && bytes.Contains(text, []byte(`"nbformat"`)) {
		return "a Jupyter notebook: hand in the code that is in its cells, as plain text"
	}
	if bytes.Count(text, []byte{0}) > len(text)/3 { // half of the bytes of English
		return utf16
	}
	return ""
}

const utf16 = "UTF-16, as some editors on Windows save it: save it as UTF-8"

// unreadable leaves out the path that an error of the system has.
func unreadable(label string, err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%s can't be read: %w", label, err)
}

type missingError struct {
	label  string
	beside []string // files that are there
}

func (e *missingError) Error() string {
	if len(e.beside) > 0 {
		return fmt.Sprintf("the folder has %s, but %s isn't there", printable.Line(strings.Join(e.beside[:min(3, len(e.beside))], ", ")), e.label)
	}
	return e.label + " isn't there"
}

// Hint names a file that seems to be the answer in another form, or says where a fresh one
// comes from.
func (e *missingError) Hint() string {
	name := path.Base(e.label)
	for _, other := range e.beside {
		if strings.EqualFold(lab.Stem(other), lab.Stem(name)) {
			return fmt.Sprintf("%s isn't read: save what is in it as plain text, and call that %s", printable.Line(other), name)
		}
	}
	return "'lab reset' brings the lab's files back and keeps a copy of yours"
}

// checkFiles asks that all files are there, are filled in, and name nothing that
// isn't the student's own.
func checkFiles(_ context.Context, a *attempt, _ lab.Check) verdict {
	for _, name := range a.lab.Files {
		label, text, err := a.raw(name)
		if err != nil {
			return failed(err)
		}
		if what := blank(name, text); what != "" {
			return failed(&fence.Fault{File: label, Reason: what, Do: "'lab reset' brings the lab's file back, and keeps a copy of yours"})
		}
		if line := lab.TodoLine(text); line > 0 {
			return failed(fmt.Errorf("%s:%d: there is a %s left to fill in", label, line, lab.Todo))
		}
		if err := a.fence(label, text); err != nil {
			return failed(err)
		}
	}
	return passed()
}

// comments are what a file can have besides an answer, by its ending.
var comments = map[string]*regexp.Regexp{
	".sql": regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/`),
	".py":  regexp.MustCompile(`(?s)^\s*""".*?"""|#[^\n]*`),
	"":     regexp.MustCompile(`#[^\n]*`),
}

// blank says that there is no answer in a file, or is "".
func blank(name string, text []byte) string {
	if len(bytes.TrimSpace(text)) == 0 {
		return "it is empty"
	}
	pattern := comments[filepath.Ext(name)]
	if pattern == nil {
		pattern = comments[""]
	}
	if len(bytes.TrimSpace(pattern.ReplaceAll(text, nil))) == 0 {
		return "it has nothing but comments"
	}
	return ""
}
