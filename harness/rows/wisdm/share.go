package wisdm

import (
	"fmt"
	"strconv"
	"strings"
)

// Share is the part of the subjects that one of several publishers sends: those whose
// number, divided by Of, leaves the rest Part-1. Each subject's rows stay with one
// publisher, and so in order.
type Share struct{ Part, Of int }

// ParseShare reads a text such as "2/3".
func ParseShare(text string) (Share, error) {
	part, of, _ := strings.Cut(text, "/")
	p, badPart := strconv.Atoi(part)
	n, badOf := strconv.Atoi(of)
	if badPart == nil && badOf == nil && p >= 1 && p <= n {
		return Share{p, n}, nil
	}
	return Share{}, fmt.Errorf(`%q isn't a share; give a text such as "2/3": the second of three parts of the subjects`, text)
}

// WithShare returns the rows of in that are in the share, with the Seq and Time that they
// have in the whole.
func WithShare(in Input, s Share) Input { return shared{in, s} }

type shared struct {
	Input
	Share
}

func (s shared) Name() string { return fmt.Sprintf("%s, part %d of %d", s.Input.Name(), s.Part, s.Of) }

func (s shared) Open() (Source, error) {
	src, err := s.Input.Open()
	if err != nil {
		return nil, err
	}
	return &sharing{placed{src, NewTimeline(DefaultBase), 0}, s.Share}, nil
}

type sharing struct {
	placed
	Share
}

func (s *sharing) Read() (Row, error) {
	for {
		row, err := s.placed.Read()
		if err != nil || row.Subject%s.Of == s.Part-1 {
			return row, err
		}
	}
}
