package report

import (
	"encoding/json"
	"fmt"

	"hoplab.example/harness/verify/hop"
)

// What GitHub Classroom's reporter reads from a runner, once it is decoded from base64.
// Source: classroom-resources/autograding-grading-reporter, src/main.js, src/notify-classroom.js
// and src/console-results.js: it sums the tests' scores, fails the job by the status, prints
// the message of an error alone, and a line's number unless that is 0. It gets all this in one
// environment variable, and Linux has a limit of 128 KiB for each (MAX_ARG_STRLEN).
type (
	classroomReport struct {
		Version  int             `json:"version"`
		Status   string          `json:"status"`
		MaxScore int             `json:"max_score"`
		Tests    []classroomTest `json:"tests"`
	}
	classroomTest struct {
		Name    string `json:"name"`
		Status  string `json:"status"`
		Score   int    `json:"score"`
		LineNo  int    `json:"line_no"`
		Message string `json:"message,omitempty"`
	}
)

// The reporter's words for outcomes. It knows no skipped test.
var classroomStatus = map[hop.Outcome]string{hop.Passed: "pass", hop.Failed: "fail", hop.Skipped: "fail", hop.Error: "error"}

// Classroom returns the grades as a result of GitHub Classroom's autograding, which has
// one student's. Of more it gives the sum, and the students' names with the tests.
func (r Report) Classroom() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	result := classroomReport{Version: 1, Status: "pass", Tests: []classroomTest{}}
	for _, s := range r.Students {
		_, most := s.Points()
		result.MaxScore += most
		for _, l := range s.Labs {
			for _, c := range l.Checks {
				test := classroomTest{Name: fmt.Sprintf("%s %s: %s", cell(l.ID), cell(c.ID), cell(c.Title)), Status: classroomStatus[c.Outcome], Score: c.Points}
				if len(r.Students) > 1 {
					test.Name = cell(s.Name) + " " + test.Name
				}
				if c.Outcome != hop.Passed {
					test.Message = inLog(cell(c.because()))
				}
				if test.Status == "error" || test.Status == "fail" && result.Status == "pass" {
					result.Status = test.Status
				}
				result.Tests = append(result.Tests, test)
			}
		}
	}
	text, err := json.MarshalIndent(result, "", "  ")
	return append(text, '\n'), err
}
