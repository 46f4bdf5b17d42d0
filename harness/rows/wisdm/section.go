package wisdm

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
)

// maxSubjects is how many one file may have: it is read once for each, at the same time.
const maxSubjects = 1000

// section is the rows of one subject in a file of several.
type section struct {
	subject int64
	first   bool // of the file's: it also has what names no subject, to report it
}

func (s *section) has(line []byte) bool {
	subject, ok := subjectOf(line)
	return ok && subject == s.subject || !ok && s.first
}

// subjectOf reads no more of a line than the subject.
func subjectOf(line []byte) (int64, bool) {
	text, _, _ := bytes.Cut(line, []byte(","))
	return parseInteger(bytes.Trim(text, `"`), math.MaxInt32)
}

// sections returns those of a file whose name doesn't give the subject: one nil where it
// has rows of one only.
func sections(f file) ([]*section, error) {
	if f.subject >= 0 {
		return []*section{nil}, nil
	}
	from, err := f.open()
	if err != nil {
		return nil, err
	}
	defer from.Close()
	var subjects []int64
	lines, cut := bufio.NewReaderSize(from, buffer), false
	skipMark(lines)
	for number := 1; ; {
		line, err := lines.ReadSlice('\n')
		if subject, ok := subjectOf(line); ok && !cut && !slices.Contains(subjects, subject) {
			if subjects = append(subjects, subject); len(subjects) > maxSubjects {
				return nil, fmt.Errorf("line %d has one subject more than the %d that a file may have: a row begins with its subject's number", number, maxSubjects)
			}
		}
		if cut = errors.Is(err, bufio.ErrBufferFull); !cut { // the rest of the line comes next
			number++
		}
		if err != nil && !cut {
			break // reading the rows reports other errors than the end
		}
	}
	if len(subjects) < 2 {
		return []*section{nil}, nil
	}
	all := make([]*section, len(subjects))
	for i, subject := range subjects {
		all[i] = &section{subject, i == 0}
	}
	return all, nil
}
