package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/fence"
	"hoplab.example/harness/exercise/lab"
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

func (a *attempt) raw(name string) (label string, text []byte, err error) {
	label = a.lab.ID + "/" + name
	if err := fence.Folder(a.dir); err != nil {
		return label, nil, err
	}
	root, err := os.OpenRoot(a.dir) // a link out of the folder isn't followed
	if err != nil {
		return label, nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return label, nil, &missingError{label}
	case err != nil:
		return label, nil, fmt.Errorf("%s: %w", label, err)
	case !info.Mode().IsRegular():
		return label, nil, fmt.Errorf("%s isn't a file", label)
	case info.Size() > maxFile:
		return label, nil, fmt.Errorf("%s has %d bytes, more than the %d that are read", label, info.Size(), maxFile)
	}
	text, err = root.ReadFile(name)
	return label, bytes.TrimPrefix(text, []byte("\ufeff")), err // editors on Windows write it
}

type missingError struct{ label string }

func (e *missingError) Error() string { return e.label + " isn't there" }

// Hint says where a fresh one comes from.
func (e *missingError) Hint() string {
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
		if line := lab.TodoLine(text); line > 0 {
			return failed(fmt.Errorf("%s:%d: there is a %s left to fill in", label, line, lab.Todo))
		}
		if err := a.fence(label, text); err != nil {
			return failed(err)
		}
	}
	return passed()
}
