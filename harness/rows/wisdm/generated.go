package wisdm

import (
	"io"
	"math"
	"math/bits"
)

// letters are the activities in the order in which a file has them.
const letters = "ABCDEFGHIJKLMOPQRS"

// cell is one session: indexes into devices, sensors, subjects and letters.
type cell struct{ device, sensor, subject, activity int }

// valid reports whether g has such a cell; the one after the last is invalid.
func (g *Generator) valid(c cell) bool { return c.device < len(g.Devices) }

// after returns the cell that follows c in recording order.
func (g *Generator) after(c cell) cell {
	digits := [...]struct {
		at   *int
		base int
	}{{&c.activity, len(letters)}, {&c.subject, g.Subjects}, {&c.sensor, len(g.Sensors)}, {&c.device, math.MaxInt}}
	for {
		for _, d := range digits {
			if *d.at++; *d.at < d.base {
				break
			}
			*d.at = 0
		}
		if !leftOut(c) {
			return c
		}
	}
}

// leftOut picks 35 of the 51 times 18 cells of subject and activity, which is
// how many the dataset lacks. The very first cell is there.
func leftOut(c cell) bool { return (c.subject*len(letters)+c.activity)%26 == 8 }

// generated is one stream of a Generator.
type generated struct {
	*Generator
	natural uint64 // rows of all sessions, if they are to be scaled to Rows

	at      cell
	passed  uint64 // natural rows of the sessions up to the present one
	session *recording
	left    int64 // rows to come of the session
}

// has reports whether c is of the same stream as the present session.
func (s *generated) has(c cell) bool {
	c.activity = s.at.activity
	return c == s.at
}

// Read returns the next row.
func (s *generated) Read() (Row, error) {
	for s.left == 0 {
		if s.session != nil {
			next := s.after(s.at)
			if !s.has(next) {
				return Row{}, io.EOF
			}
			s.at = next
		}
		s.begin()
	}
	s.left--
	return s.session.row(), nil
}

// begin starts the session at s.at. Where sessions are scaled, each ends where
// its share of Rows does: the shares add up to Rows exactly.
func (s *generated) begin() {
	length := s.length(s.at)
	s.left = int64(length)
	if s.natural > 0 {
		s.left = s.share(s.passed+length) - s.share(s.passed)
		s.passed += length
	}
	s.session = newRecording(s.Generator, s.at)
}

func (s *generated) share(passed uint64) int64 {
	high, low := bits.Mul64(passed, uint64(s.Rows))
	share, _ := bits.Div64(high, low, s.natural)
	return int64(share)
}
