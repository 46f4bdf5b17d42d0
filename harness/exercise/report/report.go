// Package report says how far a student's files do what a lab asks for: which
// checks were made, what each came to and why, and the points.
package report

import (
	"time"

	"hoplab.example/harness/check/hop"
)

// Check is what one check of a lab came to.
type Check struct {
	ID    string `json:"id"`    // as in lab.yaml, such as "flink-rows"
	Title string `json:"title"` // what it asks for, as one sentence
	// Outcome is one of the four. Error is the grader's own fault: the check has
	// no points then, and none are taken for it.
	Outcome hop.Outcome `json:"outcome"`
	Points  int         `json:"points"`
	Max     int         `json:"max"`
	Hidden  bool        `json:"hidden"` // not shown to the student before grading
	// Reason says why the outcome is what it is, Rationale why the check is made.
	Reason    string `json:"reason,omitempty"`
	Rationale string `json:"rationale,omitempty"`
	Hint      string `json:"hint,omitempty"` // what to do next
	Expected  string `json:"expected,omitempty"`
	Actual    string `json:"actual,omitempty"`
	// Took is how long it took. It is no part of the grade and differs each time.
	Took time.Duration `json:"took_ns,omitempty"`
}

// Grade is what the checks of one lab came to.
type Grade struct {
	ID     string  `json:"id"` // such as "03-flink"
	Title  string  `json:"title"`
	Checks []Check `json:"checks"`
}

// Student is what one student's files came to.
type Student struct {
	Name string  `json:"student"`
	Labs []Grade `json:"labs"`
}

// Report is what a class's submissions came to.
type Report struct {
	Schema   string    `json:"$schema"`
	Students []Student `json:"submissions"`
}

// Points returns a lab's points and how many can be had.
func (l Grade) Points() (points, most int) {
	for _, c := range l.Checks {
		points, most = points+c.Points, most+c.Max
	}
	return points, most
}

// Points returns a submission's points and how many can be had.
func (s Student) Points() (points, most int) {
	for _, l := range s.Labs {
		p, m := l.Points()
		points, most = points+p, most+m
	}
	return points, most
}

// Sound says whether the grader could make every check. Without that, points
// are no grade yet.
func (s Student) Sound() bool {
	for _, l := range s.Labs {
		for _, c := range l.Checks {
			if c.Outcome == hop.Error {
				return false
			}
		}
	}
	return true
}
