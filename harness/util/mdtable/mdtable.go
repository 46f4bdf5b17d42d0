// Package mdtable writes a command's results into a Markdown file, between two
// comments, and leaves the text around them as it is.
package mdtable

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"hoplab.example/harness/util/atomicfile"
)

// Place is the part of a Markdown file that a command writes.
type Place struct {
	What       string // such as "the matrix", for errors
	Begin, End string // the comments, each on a line of its own
}

// Read returns the text between the comments, with one newline at its end. A
// file that lacks them, or has them more than once, is an error.
func (p Place) Read(path string) (string, error) {
	text, begin, end, err := p.find(path)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(text[begin:end])) + "\n", nil
}

// Write puts text between the comments. If it fails, the file stays as it was.
func (p Place) Write(path, text string) error {
	old, begin, end, err := p.find(path)
	if err != nil {
		return err
	}
	between := []byte("\n\n" + strings.TrimSpace(text) + "\n\n")
	return atomicfile.Write(path, bytes.Join([][]byte{old[:begin], old[end:]}, between))
}

// find returns a file, and where what is between its comments begins and ends.
func (p Place) find(path string) (text []byte, begin, end int, err error) {
	if text, err = os.ReadFile(path); err != nil {
		return nil, 0, 0, err
	}
	begin, end = bytes.Index(text, []byte(p.Begin)), bytes.Index(text, []byte(p.End))
	if begin < 0 || end < begin {
		return nil, 0, 0, fmt.Errorf("%s has no place for %s: put the lines %q and %q where it belongs", path, p.What, p.Begin, p.End)
	}
	if bytes.Count(text, []byte(p.Begin)) > 1 || bytes.Count(text, []byte(p.End)) > 1 {
		return nil, 0, 0, fmt.Errorf("%s has more than one place for %s: leave one pair of the lines %q and %q", path, p.What, p.Begin, p.End)
	}
	return text, begin + len(p.Begin), end, nil
}
