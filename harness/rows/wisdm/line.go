package wisdm

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

const columns = "subject,activity,timestamp,x,y,z"

// fields is how many a raw row has.
const fields = 6

// activities holds the text of each activity's letter, which saves an allocation
// per row. N isn't an activity in the dataset.
var activities = func() (letters [256]string) {
	for c := byte('A'); c <= 'S'; c++ {
		if c != 'N' {
			letters[c] = string(c)
		}
	}
	return letters
}()

// words are the activities as the older dataset writes them; see firstName. Here
// stairs are one activity, C, up or down.
var words = map[string]string{"Walking": "A", "Jogging": "B", "Upstairs": "C", "Downstairs": "C", "Sitting": "D", "Standing": "E"}

func parseActivity(text []byte) string {
	if len(text) == 1 {
		return activities[text[0]]
	}
	return words[string(text)]
}

// heads are other names of the columns that a CSV's first line may have.
var heads = [fields][]string{
	{"subject", "subject_id", "subject-id", "user", "usid", "id"}, {"activity", "activity_code", "activity-code", "action", "label"}, {"timestamp", "ts", "time"},
	{"x", "x-axis", "x_axis"}, {"y", "y-axis", "y_axis"}, {"z", "z-axis", "z_axis"},
}

// isHead reports whether a line names the six columns, in the order of a raw row.
func isHead(line []byte) bool {
	names := strings.Split(strings.ToLower(strings.TrimRight(string(line), "; ")), ",")
	if len(names) != fields {
		return false
	}
	for i, name := range names {
		if !slices.Contains(heads[i], strings.Trim(name, ` "`)) {
			return false
		}
	}
	return true
}

// parseLine reads a raw row, without its line end, into r. It doesn't touch what the
// line doesn't have: Device, Sensor, Seq and Time.
func parseLine(line []byte, r *Row) *fault {
	f := parseFields(line, r)
	if f == nil {
		return nil // only ASCII is ever accepted
	}
	if at, found := invalidByte(line); found {
		return &fault{at, "a byte that is not UTF-8", line[at:]}
	}
	return f
}

func parseFields(line []byte, r *Row) *fault {
	if len(line) == 0 || line[len(line)-1] != ';' {
		return missingEnd(line)
	}
	line = line[:len(line)-1]
	var begin [fields + 1]int // where each field begins, and one more
	n := 1
	for i, c := range line {
		if c != ',' {
			continue
		}
		if n == fields {
			return miscounted(line, i+1)
		}
		begin[n] = i + 1
		n++
	}
	if n != fields {
		return miscounted(line, len(line))
	}
	begin[fields] = len(line) + 1
	return parseValues(line, &begin, r)
}

func parseValues(line []byte, begin *[fields + 1]int, r *Row) *fault {
	field := func(i int) []byte { return line[begin[i] : begin[i+1]-1] }
	subject, ok := parseInteger(field(0), math.MaxInt32)
	if !ok {
		return &fault{begin[0], "the subject is not a whole number from 0 to 2147483647", field(0)}
	}
	activity := parseActivity(field(1))
	if activity == "" {
		return &fault{begin[1], "the activity is not one letter, A to S without N", field(1)}
	}
	ts, ok := parseInteger(field(2), math.MaxInt64)
	if !ok {
		return &fault{begin[2], "the timestamp is not a whole number of nanoseconds since boot", field(2)}
	}
	for i, value := range [...]*float64{&r.X, &r.Y, &r.Z} {
		if reason := parseFloat(field(3+i), value); reason != "" {
			return &fault{begin[3+i], string("xyz"[i]) + " " + reason, field(3 + i)}
		}
	}
	r.Subject, r.Activity, r.TS = int(subject), activity, ts
	return nil
}

// parseInteger takes digits only. A negative timestamp isn't a time since boot, and
// the difference of two might not fit an int64.
func parseInteger(text []byte, largest int64) (int64, bool) {
	var n int64
	for _, c := range text {
		digit := int64(c - '0')
		if c < '0' || c > '9' || n > (largest-digit)/10 {
			return 0, false
		}
		n = n*10 + digit
	}
	return n, len(text) > 0
}

// parseFloat reads a decimal number, and refuses what strconv also takes: NaN, Inf,
// hexadecimal and underscores. It returns what is wrong, or "".
func parseFloat(text []byte, value *float64) string {
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return "is not a finite decimal number"
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if errors.Is(err, strconv.ErrRange) {
		return "is too large for a float64"
	}
	if err != nil {
		return "is not a finite decimal number"
	}
	*value = v
	return ""
}

func missingEnd(line []byte) *fault {
	if i := bytes.LastIndexByte(line, ';'); i >= 0 {
		return &fault{i + 1, "text after the ; that ends a row", line[i+1:]}
	}
	return &fault{len(line), "no ; at the end of the line", line}
}

func miscounted(line []byte, at int) *fault {
	n := bytes.Count(line, []byte(",")) + 1
	reason := strconv.Itoa(n) + " fields, want " + strconv.Itoa(fields) + " (" + columns + ")"
	if third, found := withoutTimestamp(line); n == fields-1 && found {
		return &fault{third, reason + "; the timestamp column seems to be missing", line}
	}
	return &fault{at, reason, line}
}

// withoutTimestamp reports whether the third field is a fraction, as x is, rather
// than a timestamp, and where it begins.
func withoutTimestamp(line []byte) (int, bool) {
	parts := bytes.SplitN(line, []byte(","), 4)
	if len(parts) < 4 || !bytes.ContainsAny(parts[2], ".eE") {
		return 0, false
	}
	var ignored float64
	return len(parts[0]) + len(parts[1]) + 2, parseFloat(parts[2], &ignored) == ""
}
