package report

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// TestClassroom: the reporter's sum of scores is the points, and an error of the
// grader's isn't a failed test.
func TestClassroom(t *testing.T) {
	for _, c := range []struct {
		labs          []Grade
		status        string
		score, most   int
		tests, errors int
	}{
		{[]Grade{bridgeLab()}, "pass", 4, 4, 1, 0},
		{[]Grade{flinkLab(), bridgeLab()}, "fail", 9, 14, 4, 0},
		{[]Grade{unsoundLab(), flinkLab()}, "error", 5, 14, 4, 1},
		{nil, "pass", 0, 0, 0, 0},
	} {
		text, err := Report{Students: []Student{{Name: "ane", Labs: c.labs}}}.Classroom()
		var got classroomReport
		if err == nil {
			err = json.Unmarshal(text, &got)
		}
		if err != nil {
			t.Fatal(err)
		}
		score, errors := 0, 0
		for _, test := range got.Tests {
			score += test.Score
			if test.Status == "error" {
				errors++
			}
		}
		if got.Version != 1 || got.Status != c.status || score != c.score || got.MaxScore != c.most || len(got.Tests) != c.tests || errors != c.errors {
			t.Errorf("%s", text)
		}
	}
	if text, err := reports()["class"].Classroom(); err != nil || !strings.Contains(string(text), `"name": "ane 02-bridge bridge-rows: `) {
		t.Errorf("a class: %v\n%s", err, text)
	}
	long := flinkLab()
	for i := range 100 {
		long.Checks = append(long.Checks, Check{ID: fmt.Sprint("check", i), Title: "a title", Outcome: hop.Error, Reason: strings.Repeat("ж\n", keptText)})
	}
	text, err := Report{Students: []Student{{Name: "ane", Labs: []Grade{long}}}}.Classroom()
	if size := base64.StdEncoding.EncodedLen(len(text)); err != nil || size > 100<<10 || !strings.Contains(string(text), `"line_no": 0`) {
		t.Errorf("%d bytes are too many for an environment variable: %v", size, err)
	}
}
