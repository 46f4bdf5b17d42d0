package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// CSV returns the class's points: one row per student, one column per lab, then the total and the
// highest possible total. With a roster the ids are in it too, and for late work what
// remains of the points. For labs with weights the last column is the percentage by
// these, less what being late costs. A lab without a grade is an empty cell. Text that a spreadsheet could take
// for a formula starts with an apostrophe.
func (r Report) CSV() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	labs := r.labs()
	ids := slices.ContainsFunc(r.Students, func(s Student) bool { return s.ID != "" })
	late := slices.ContainsFunc(r.Students, func(s Student) bool { return s.Late != "" })
	weighted := len(labs) > 1 && slices.ContainsFunc(r.Students, func(s Student) bool {
		return slices.ContainsFunc(s.Labs, func(l Grade) bool { return l.Weight > 0 })
	})
	header := []string{"student"}
	if ids {
		header = append(header, "id")
	}
	for _, lab := range labs {
		header = append(header, Plain(lab))
	}
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	header = append(header, "total", "max")
	if late {
		header = append(header, "late", "mark")
	}
	if weighted {
		header = append(header, "percent")
	}
	writer.Write(header) // the Flush below has its error
	for _, s := range r.Students {
		writer.Write(s.record(labs, ids, late, weighted))
	}
	writer.Flush()
	return out.Bytes(), writer.Error()
}

func (s Student) record(labs []string, ids, late, weighted bool) []string {
	record := []string{Plain(s.Name)}
	if ids {
		record = append(record, Plain(s.ID))
	}
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
	record = append(record, inCSV(points, s.Sound()), strconv.Itoa(most))
	if late {
		mark := noGrade
		if s.Sound() {
			mark = number(s.Mark())
		}
		record = append(record, Plain(s.Late), mark)
	}
	if weighted {
		percent := noGrade
		if share, graded := s.Percent(); graded {
			percent = fmt.Sprintf("%.2f", share*(100-s.Off)/100)
		}
		record = append(record, percent)
	}
	return record
}

func inCSV(points int, graded bool) string {
	if !graded {
		return noGrade
	}
	return strconv.Itoa(points)
}

// Plain returns a text that no spreadsheet evaluates. Spreadsheets skip spaces
// before a formula, and some accept full-width signs such as U+FF0B.
func Plain(text string) string {
	text = cell(text)
	if text != "" && strings.ContainsAny(string([]rune(text)[0]), "=+-@＝＋－＠") {
		return "'" + text
	}
	return text
}
