package feedback

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/report"
)

// The columns of Moodle's grading worksheet that its import looks for, in English
// (moodle/moodle, mod/assign/feedback/offline/importgradeslib.php and
// mod/assign/lang/en/assign.php).
const (
	moodleID       = "Identifier"
	moodleGrade    = "Grade"
	moodleModified = "Last modified (grade)"
	moodleComment  = "Feedback comments"
)

// Assignment is the column that Canvas's gradebook gets unless another is named.
const Assignment = "hoplab"

// CSV returns the grades as a file that a learning platform imports. With Moodle's
// worksheet or Canvas's gradebook as the roster it is that file, with the grades
// filled in: scaled to the maximum that it has, and left as they are where there is no
// grade yet. column names Canvas's column, "" stands for the one whose name ends with
// a number in brackets if there is one only. Without such a roster it has Moodle's
// columns, for the submissions that Moodle has numbered.
func CSV(class []handin.Submission, grades report.Report, roster *handin.Roster, column string) ([]byte, error) {
	switch {
	case roster != nil && roster.Column("identifier") >= 0 && roster.Column("grade") >= 0:
		return filled(class, grades, roster, roster.Column("grade"), roster.Column("feedback comments"), worksheetMost(roster))
	case roster != nil && roster.Column("student") >= 0 && roster.Column("section") >= 0:
		return canvas(class, grades, roster, column)
	}
	rows := [][]string{{moodleID, "Full name", moodleGrade, moodleModified, moodleComment}}
	for i, s := range class {
		if s.Origin.LMS == handin.Moodle {
			g := grades.Students[i]
			rows = append(rows, []string{"Participant " + s.Origin.ID, report.Plain(s.Student), grade(g, 0), "-", comment(g)})
		}
	}
	if len(rows) == 1 {
		return nil, fmt.Errorf("the grades can't be written for a learning platform: give Moodle's grading worksheet or Canvas's exported gradebook as --roster")
	}
	return written(rows)
}

// canvas fills the gradebook's column, or adds one. It keeps the first columns, which
// say who a student is.
func canvas(class []handin.Submission, grades report.Report, roster *handin.Roster, column string) ([]byte, error) {
	at := roster.Column(strings.ToLower(column))
	if column == "" {
		found := 0
		for i, head := range roster.Head {
			if open := strings.LastIndex(head, " ("); open >= 0 && strings.HasSuffix(head, ")") {
				if _, err := strconv.Atoi(head[open+2 : len(head)-1]); err == nil {
					at, found = i, found+1
				}
			}
		}
		if found > 1 {
			return nil, fmt.Errorf("the gradebook has %d assignments: name the one to fill with --column", found)
		}
		column = Assignment
	}
	if at < 0 {
		at = len(roster.Head)
		roster.Head = append(slices.Clone(roster.Head), column)
	}
	most := func(int) float64 { return 0 }
	for _, row := range roster.Rows { // the second line of the gradebook
		if len(row) > at && strings.HasPrefix(strings.TrimSpace(row[0]), "Points Possible") {
			value, _ := strconv.ParseFloat(row[at], 64)
			most = func(int) float64 { return value }
		}
	}
	return filled(class, grades, roster, at, -1, most)
}

// worksheetMost reads the maximum grade of a row of Moodle's worksheet.
func worksheetMost(roster *handin.Roster) func(row int) float64 {
	at := roster.Column("maximum grade")
	return func(row int) float64 {
		if at < 0 || at >= len(roster.Rows[row]) {
			return 0
		}
		value, _ := strconv.ParseFloat(strings.ReplaceAll(roster.Rows[row][at], ",", "."), 64)
		return value
	}
}

// filled returns the roster's file with the grades in one column and, unless it is
// -1, a comment in another.
func filled(class []handin.Submission, grades report.Report, roster *handin.Roster, at, commentAt int, most func(row int) float64) ([]byte, error) {
	rows := [][]string{roster.Head}
	for _, row := range roster.Rows {
		row = slices.Clone(row)
		for len(row) <= max(at, commentAt) {
			row = append(row, "")
		}
		rows = append(rows, row)
	}
	for i, s := range class {
		if s.Entry == nil {
			continue
		}
		g, row := grades.Students[i], rows[1+s.Entry.Row()]
		if text := grade(g, most(s.Entry.Row())); text != "" {
			row[at] = text
		}
		if commentAt >= 0 {
			row[commentAt] = comment(g)
		}
	}
	return written(rows)
}

// grade returns the mark, scaled to most if that isn't 0; "" where there is none yet.
func grade(s report.Student, most float64) string {
	if !s.Sound() {
		return ""
	}
	mark := s.Mark()
	if share, graded := s.Percent(); most > 0 && graded { // each lab by its weight
		mark = share / 100 * most * (100 - s.Off) / 100
	}
	return strconv.FormatFloat(mark, 'f', 2, 64)
}

func comment(s report.Student) string {
	points, most := s.Points()
	if !s.Sound() {
		return "There is no grade yet: a check couldn't be run."
	}
	text := fmt.Sprintf("%d of %d points. The file with the feedback has the reasons.", points, most)
	if s.Late != "" {
		text = fmt.Sprintf("%d of %d points, %s, less %v %%. The file with the feedback has the reasons.", points, most, s.Late, s.Off)
	}
	return text
}

func written(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	err := w.WriteAll(rows)
	return out.Bytes(), err
}
