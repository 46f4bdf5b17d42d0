package report

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// CSV returns the class's points: one row per student, one column per lab, then the total and the
// highest possible total. A lab without a grade is an empty cell. Text that a spreadsheet could take
// for a formula starts with an apostrophe.
func (r Report) CSV() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	labs := r.labs()
	header := []string{"student"}
	for _, lab := range labs {
		header = append(header, plain(lab))
	}
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	writer.Write(append(header, "total", "max")) // the Flush below has its error
	for _, s := range r.Students {
		writer.Write(s.record(labs))
	}
	writer.Flush()
	return out.Bytes(), writer.Error()
}

func (s Student) record(labs []string) []string {
	record := []string{plain(s.Name)}
	for _, lab := range labs {
		l, has := s.lab(lab)
		points, _ := l.Points()
		number := ""
		if has {
			number = inCSV(points, l.Sound())
		}
		record = append(record, number)
	}
	points, most := s.Points()
	return append(record, inCSV(points, s.Sound()), strconv.Itoa(most))
}

func inCSV(points int, graded bool) string {
	if !graded {
		return noGrade
	}
	return strconv.Itoa(points)
}

// plain returns a text that no spreadsheet evaluates. Spreadsheets skip spaces
// before a formula, and some accept full-width signs such as U+FF0B.
func plain(text string) string {
	text = cell(text)
	if text != "" && strings.ContainsAny(string([]rune(text)[0]), "=+-@＝＋－＠") {
		return "'" + text
	}
	return text
}
