package flink

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// filler writes a statement with its parameters filled in.
type filler struct {
	source
	out    strings.Builder
	line   int // of out's end, from 1
	column int // of out's end, from 1
	shifts []shift
}

// fill leaves the statement's place in the file to Parse.
func (s source) fill(group []token) (Statement, *fail) {
	f := filler{source: s, line: 1, column: 1}
	at := group[0].start
	for _, t := range group {
		f.write(s.text[at:t.start])
		at = t.end
		if failed := f.token(t); failed != nil {
			return Statement{}, failed
		}
	}
	return Statement{Text: f.out.String(), File: s.file, shifts: f.shifts}, nil
}

func (f *filler) token(t token) *fail {
	switch t.kind {
	case param:
		if failed := f.param(t.start); failed != nil {
			return failed
		}
		return f.checkJoint(t)
	case quoted:
		for at := t.start; at < t.end; {
			name := paramName(f.text[at:t.end])
			if name == "" {
				next := at + 1
				for next < t.end && f.text[next] != '$' {
					next++
				}
				f.write(f.text[at:next])
				at = next
				continue
			}
			if failed := f.param(at); failed != nil {
				return failed
			}
			at += len("${}") + len(name)
		}
		return nil
	}
	f.write(f.text[t.start:t.end])
	return nil
}

// param writes the value of the parameter at an offset.
func (f *filler) param(at int) *fail {
	name := paramName(f.text[at:])
	value, ok := f.params[name]
	if !ok {
		return &fail{at, fmt.Sprintf("the parameter ${%s} has no value; the known ones are %s", name, known(f.params))}
	}
	for _, bad := range []string{"'", `"`, "`", ";", "\n", "\r", "--"} {
		if strings.Contains(value, bad) {
			return &fail{at, fmt.Sprintf("the parameter ${%s} is %q; a value can't contain %q", name, value, bad)}
		}
	}
	width := utf8.RuneCountInString(value)
	f.shifts = append(f.shifts, shift{f.line, f.column, f.column + width, len("${}") + len(name)})
	f.write(value)
	return nil
}

// checkJoint refuses a value that begins or ends a comment, by itself or together
// with its neighbours. Inside quotes it is harmless.
func (f *filler) checkJoint(t token) *fail {
	name := paramName(f.text[t.start:])
	value := f.params[name]
	joint := value + f.text[t.end:min(t.end+1, len(f.text))]
	if written := f.out.String(); len(written) > len(value) {
		joint = written[len(written)-len(value)-1:] + f.text[t.end:min(t.end+1, len(f.text))]
	}
	for _, bad := range []string{"--", "//", "/*", "*/"} {
		if strings.Contains(joint, bad) {
			return &fail{t.start, fmt.Sprintf("the parameter ${%s} is %q, which makes a comment (%s) here", name, value, bad)}
		}
	}
	return nil
}

func (f *filler) write(text string) {
	f.out.WriteString(text)
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		f.line += strings.Count(text, "\n")
		f.column = 1
		text = text[i+1:]
	}
	f.column += utf8.RuneCountInString(text)
}

func known(params map[string]string) string {
	if len(params) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(params)), ", ")
}

// shift is a parameter's value in a statement's text: on its line it takes the
// columns from start up to end, where the file has width columns.
type shift struct{ line, start, end, width int }

// position converts a line and a column of the statement's text, as Flink counts
// them, to the file's.
func (s Statement) position(line, column int) (int, int) {
	return s.filePosition(line, s.characters(line, column))
}

// filePosition is position for a column in characters.
func (s Statement) filePosition(line, column int) (int, int) {
	moved := 0
	for _, p := range s.shifts {
		if p.line != line || column < p.start {
			continue
		}
		if column < p.end { // inside the value: return where the parameter is
			column = p.start
			break
		}
		moved += p.width - (p.end - p.start)
	}
	if line == 1 {
		moved += max(s.column, 1) - 1
	}
	return max(s.Line, 1) + line - 1, column + moved
}

// characters converts a column counted in UTF-16 units, as Java does, to
// characters.
func (s Statement) characters(line, column int) int {
	lines := strings.Split(s.Text, "\n")
	if line > len(lines) {
		return column
	}
	units := 1
	for _, r := range lines[line-1] {
		if units >= column {
			break
		}
		if size := utf16.RuneLen(r); size == 2 {
			units, column = units+1, column-1
		} else {
			units++
		}
	}
	return column
}

const headWidth = 72 // characters

func (s Statement) head() string { return firstLine(s.Text) }

func firstLine(text string) string {
	line, _, more := strings.Cut(text, "\n")
	line = strings.TrimRight(line, " \t\r")
	if runes := []rune(line); len(runes) > headWidth {
		line, more = string(runes[:headWidth]), true
	}
	if more {
		line += " …"
	}
	return line
}
