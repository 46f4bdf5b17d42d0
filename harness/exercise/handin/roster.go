package handin

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Entry is a student on a roster.
type Entry struct {
	ID, Name string
	Due      time.Time // zero where the roster has none
	HandedIn time.Time // when, zero where the roster doesn't say
	keys     []string  // other values by which the student may be found
	row      int       // in Roster.Rows
}

// Roster is the list of a class: a CSV file of one's own, Moodle's grading worksheet in one of
// its languages, Canvas's exported gradebook or GitHub Classroom's roster.
type Roster struct {
	Entries []Entry
	Head    []string   // the file's columns
	Rows    [][]string // its rows, as they are
}

// The columns that are understood, in lower case. Sources: moodle/moodle,
// mod/assign/lang/en/assign.php; Canvas's gradebook export; GitHub Classroom's roster.
var (
	idColumns       = []string{"id", "identifier", "student id", "id number", "github_username", "username", "sis login id", "login", "email", "email address"}
	nameColumns     = []string{"name", "student", "full name", "student name"}
	dueColumns      = []string{"due", "due date", "deadline"}
	handedInColumns = []string{"handed in", "handed_in", "submitted", "last modified (submission)"}
)

// ReadRoster reads a roster: columns id and name, and where there are any due and
// handed_in. Commas, semicolons and tabs may separate them. Errors have the line.
func ReadRoster(file string) (*Roster, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	r, err := parseRoster(file, text)
	if err != nil {
		return nil, fmt.Errorf("read the roster: %w", err)
	}
	return r, nil
}

func parseRoster(file string, text []byte) (*Roster, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case bytes.HasPrefix(text, []byte("PK\x03\x04")):
		return nil, fmt.Errorf("%s is a workbook, such as Excel's: save it as 'CSV UTF-8'", file)
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return nil, fmt.Errorf("%s isn't UTF-8: save it as 'CSV UTF-8'", file)
	case len(bytes.TrimSpace(text)) == 0:
		return nil, fmt.Errorf("%s is empty", file)
	case !bytes.Contains(text, []byte("\n")): // Excel's 'CSV (Macintosh)'
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	if bytes.HasPrefix(text, []byte("sep=")) { // a line for Excel
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	reader.Comma = separator(text)
	var lines []int
	r := &Roster{}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var at *csv.ParseError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("%s:%d: %w", file, at.Line, at.Err)
		}
		line, _ := reader.FieldPos(0)
		if r.Head == nil {
			r.Head = record
			continue
		}
		r.Rows, lines = append(r.Rows, record), append(lines, line)
	}
	return r, r.entries(file, lines)
}

// separator returns what the first line has most of.
func separator(text []byte) rune {
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return slices.MaxFunc([]rune{',', ';', '\t'}, func(a, b rune) int {
		return cmp.Compare(bytes.Count(first, []byte(string(a))), bytes.Count(first, []byte(string(b))))
	})
}

func (r *Roster) entries(file string, lines []int) error {
	var ids []int
	for _, name := range idColumns {
		if at := r.Column(name); at >= 0 {
			ids = append(ids, at)
		}
	}
	if len(ids) == 0 {
		return fmt.Errorf("%s:1: there is no column id: the first line names the columns, such as id,name,due; Moodle's worksheet is known in English, German, Spanish, French, Basque, Catalan, Portuguese and Italian", file)
	}
	seen := map[string]int{}
	for i, row := range r.Rows {
		e := Entry{Name: cellOf(row, r.Column(nameColumns...)), row: i}
		for _, at := range ids {
			if value := identifier(cellOf(row, at)); value != "" {
				e.keys = append(e.keys, value)
			}
		}
		if len(e.keys) == 0 { // such as Canvas's row of the points possible
			continue
		}
		e.ID, e.Name = e.keys[0], cmp.Or(e.Name, e.keys[0])
		if first := seen[fold(e.ID)]; first > 0 {
			return fmt.Errorf("%s:%d: the id %q is on line %d too: each student needs one of their own", file, lines[i], e.ID, first)
		}
		seen[fold(e.ID)] = lines[i]
		for _, t := range []struct {
			into  *time.Time
			value string
		}{{&e.Due, cellOf(row, r.Column(dueColumns...))}, {&e.HandedIn, cellOf(row, r.Column(handedInColumns...))}} {
			if t.value == "" || t.value == "-" {
				continue
			}
			var err error
			if *t.into, err = ParseTime(t.value); err != nil {
				return fmt.Errorf("%s:%d: %w", file, lines[i], err)
			}
		}
		r.Entries = append(r.Entries, e)
	}
	if len(r.Entries) == 0 {
		return fmt.Errorf("%s has no student", file)
	}
	return nil
}

// Column returns the index of the first column that has one of these names, in any
// case, or -1. The columns of Moodle's worksheet have their English names.
func (r *Roster) Column(names ...string) int {
	columns := r.columns()
	for _, name := range names {
		if at := slices.Index(columns, name); at >= 0 {
			return at
		}
	}
	return -1
}

// Row returns the index in Rows of a student's row.
func (e Entry) Row() int { return e.row }

func cellOf(row []string, at int) string {
	if at < 0 || at >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[at])
}

// timeFormats are those of due dates and of the time when something was handed in.
// Without a zone a time is of this machine's.
var timeFormats = []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
	"Monday, 2 January 2006, 3:04 PM", "Monday, January 2, 2006, 3:04 PM"} // Moodle's, in English

// ParseTime reads a due date. A date without a time is the end of that day.
func ParseTime(text string) (time.Time, error) {
	for _, format := range timeFormats {
		if at, err := time.ParseInLocation(format, text, time.Local); err == nil {
			return at, nil
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Second), nil
	}
	if at, ok := writtenOut(text); ok {
		return at, nil
	}
	return time.Time{}, fmt.Errorf("%q isn't a time: write it as 2026-11-27 23:59", text)
}
