package notebook

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoplab.example/harness/client/flink"
)

const (
	maxRows  = 1000 // in a table
	maxValue = 120  // characters of a value
)

// Table formats a query's result: columns below their names, numbers aligned to the
// right, and the number of rows.
func Table(r *flink.Result) string {
	rows := [][]string{nil}
	for _, c := range r.Columns {
		rows[0] = append(rows[0], value(c.Name))
	}
	for _, row := range r.Rows[:min(len(r.Rows), maxRows)] {
		var texts []string
		for _, v := range row {
			texts = append(texts, value(v))
		}
		rows = append(rows, texts)
	}
	t := layout{widths: make([]int, len(r.Columns)), right: make([]bool, len(r.Columns))}
	for i := range r.Columns {
		t.column(i, r, rows)
	}
	var out strings.Builder
	for _, row := range rows {
		out.WriteString(t.line(row) + "\n")
	}
	return out.String() + count(len(r.Rows))
}

func count(rows int) string {
	switch {
	case rows == 1:
		return "(1 row)\n"
	case rows > maxRows:
		return fmt.Sprintf("(%d rows, only the first %d are shown)\n", rows, maxRows)
	}
	return fmt.Sprintf("(%d rows)\n", rows)
}

type layout struct {
	widths []int // characters
	right  []bool
}

// column measures one column. Numbers are aligned to the right.
func (t layout) column(i int, r *flink.Result, rows [][]string) {
	for _, row := range rows {
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(row[i]))
	}
	switch name, _, _ := strings.Cut(r.Columns[i].Type, "("); name {
	case "TINYINT", "SMALLINT", "INT", "INTEGER", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL":
		t.right[i] = true
	}
}

func (t layout) line(row []string) string {
	var cells []string
	for i, text := range row {
		gap := strings.Repeat(" ", t.widths[i]-utf8.RuneCountInString(text))
		if t.right[i] {
			text = gap + text
		} else {
			text += gap
		}
		cells = append(cells, text)
	}
	return strings.TrimRight(strings.Join(cells, "  "), " ")
}

var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)

// value formats a value as in SQL, on one line.
func value(v any) string {
	text := ""
	switch v := v.(type) {
	case nil:
		return "NULL"
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case float64:
		text = number(v)
	default:
		text = oneLine.Replace(fmt.Sprint(v))
	}
	if runes := []rune(text); len(runes) > maxValue {
		return string(runes[:maxValue]) + "…"
	}
	return text
}

// number formats a number without an exponent, unless it is far from 1.
func number(v float64) string {
	if size := max(v, -v); v == 0 || size >= 1e-6 && size < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
