// Package report holds the results of grading: each check's outcome with its reason,
// and the points by lab and student.
package report

import (
	"fmt"
	"math"
	"slices"
	"time"

	"hoplab.example/harness/verify/hop"
)

// Check is the result of one check of a lab.
type Check struct {
	ID    string `json:"id"`    // as in lab.yaml, such as "flink-rows"
	Title string `json:"title"` // what it asks for, as one sentence
	// Outcome is one of the four. Error is the grader's own fault: the check then
	// gives no points and takes none.
	Outcome hop.Outcome `json:"outcome"`
	Points  int         `json:"points"`
	Max     int         `json:"max"`
	Hidden  bool        `json:"hidden"` // not shown to the student before grading
	// Reason says why the outcome is what it is, Rationale why the check is made.
	Reason    string `json:"reason,omitempty"`
	Cause     string `json:"-"` // of a skipped check: the title of the one that hasn't passed
	Rationale string `json:"rationale,omitempty"`
	Hint      string `json:"hint,omitempty"` // what to do next
	Expected  string `json:"expected,omitempty"`
	Actual    string `json:"actual,omitempty"`
	// Took is how long the check took. It isn't part of the grade.
	Took time.Duration `json:"took_ns,omitempty"`
}

// Grade has the results of one lab's checks.
type Grade struct {
	ID     string  `json:"id"` // such as "03-flink"
	Title  string  `json:"title"`
	Checks []Check `json:"checks"`
	// Weight is how much the lab counts among others; 0 stands for its points.
	Weight int `json:"weight,omitempty"`
}

// Student has one student's grades.
type Student struct {
	Name string  `json:"student"`
	ID   string  `json:"id,omitempty"`   // on the roster
	Note string  `json:"note,omitempty"` // why nothing of theirs could be graded
	Labs []Grade `json:"labs"`
	// Late says how late the files came, "" for in time, and Off which percentage of
	// the points that costs. Points don't have it off yet, Mark has.
	Late string  `json:"late,omitempty"`
	Off  float64 `json:"off,omitempty"`
}

// Report has the grades of a class.
type Report struct {
	Schema   string    `json:"$schema"`
	Students []Student `json:"submissions"`
}

// Points returns a lab's points and how many there are to get.
func (l Grade) Points() (points, most int) {
	for _, c := range l.Checks {
		points, most = points+c.Points, most+c.Max
	}
	return points, most
}

// Points returns a student's points and how many there are to get.
func (s Student) Points() (points, most int) {
	for _, l := range s.Labs {
		p, m := l.Points()
		points, most = points+p, most+m
	}
	return points, most
}

// Mark returns a student's points, less what being late costs, to two places.
func (s Student) Mark() float64 {
	points, _ := s.Points()
	return math.Round(float64(points)*(100-s.Off)) / 100
}

// Skipped says in one line per cause how many checks were skipped because of it.
func (l Grade) Skipped() (lines []string) {
	counts := map[string]int{}
	var causes []string
	for _, c := range l.Checks {
		if c.Outcome != hop.Skipped || c.Cause == "" {
			continue
		}
		if counts[c.Cause]++; counts[c.Cause] == 1 {
			causes = append(causes, c.Cause)
		}
	}
	for _, cause := range causes {
		lines = append(lines, fmt.Sprintf("%d skipped because %q has not passed", counts[cause], cause))
	}
	return lines
}

// Sound reports whether the grader could run every check of the lab. Otherwise
// its points aren't a grade yet.
func (l Grade) Sound() bool {
	return !slices.ContainsFunc(l.Checks, func(c Check) bool { return c.Outcome == hop.Error })
}

// Sound reports whether every lab has a grade. Otherwise the total isn't one yet,
// while the labs that have theirs keep it.
func (s Student) Sound() bool {
	return !slices.ContainsFunc(s.Labs, func(l Grade) bool { return !l.Sound() })
}
