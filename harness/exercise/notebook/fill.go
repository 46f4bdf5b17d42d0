package notebook

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// param matches a parameter, as in SQL (see package flink): any other $ stands for
// itself.
var param = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}`)

// shift says by how many bytes offsets are greater than in the page, from an offset
// of the filled text on.
type shift struct{ from, by int }

// fill returns the cell with its parameters filled in. The error is an *Error. The
// executor of sql cells fills them in itself, because it knows comments.
func (c Cell) fill(params map[string]string) (Cell, error) {
	c.Params = params
	switch c.Kind {
	case SQL:
		return c, nil
	case Sh:
		return c, c.checkScript()
	}
	var out strings.Builder
	at, by := 0, 0
	for _, m := range param.FindAllStringSubmatchIndex(c.Code, -1) {
		name := c.Code[m[2]:m[3]]
		value, known := params[name]
		if !known {
			return c, c.unknown(m[0], name)
		}
		if i := strings.IndexFunc(value, unfit); i >= 0 {
			return c, c.errorAt(m[0], "the parameter ${%s} is %q; a value can't have %q in it here", name, value, value[i])
		}
		out.WriteString(c.Code[at:m[0]])
		out.WriteString(value)
		at, by = m[1], by+len(value)-(m[1]-m[0])
		c.shift = append(c.shift, shift{out.Len(), by})
	}
	out.WriteString(c.Code[at:])
	c.Code = out.String()
	return c, nil
}

// unfit reports what would end a JSON text, a request line or a header.
func unfit(r rune) bool { return r <= ' ' || r == '"' || r == '\\' || r == 0x7f }

// checkScript finds a parameter that a script uses and that has no value.
func (c Cell) checkScript() error {
	for _, m := range param.FindAllStringSubmatchIndex(c.Code, -1) {
		name := c.Code[m[2]:m[3]]
		_, known := c.Params[name]
		if !known && name != strings.ToUpper(name) && !ownName(c.Code, name) {
			return c.unknown(m[0], name)
		}
	}
	return nil
}

// ownName reports whether a script uses the name outside of ${name}, as it does to
// set it.
func ownName(script, name string) bool {
	bare := param.ReplaceAllString(script, " ")
	found, err := regexp.MatchString(`(^|[^A-Za-z0-9_$])`+regexp.QuoteMeta(name)+`($|[^A-Za-z0-9_])`, bare)
	return found && err == nil
}

func (c Cell) unknown(at int, name string) error {
	known := "none"
	if len(c.Params) > 0 {
		known = strings.Join(slices.Sorted(maps.Keys(c.Params)), ", ")
	}
	return c.errorAt(at, "the parameter ${%s} has no value; the known ones are %s", name, known)
}

// errorAt returns an error at an offset of the code in the page.
func (c Cell) errorAt(at int, format string, args ...any) *Error {
	line, column := position(c.Code, at)
	return &Error{File: c.Page, Line: c.Line + line, Column: column, Reason: fmt.Sprintf(format, args...)}
}

// pagePosition converts an offset of filled code to a line of the cell and a column
// of the page. Values have no newlines, so lines stay the same.
func (c Cell) pagePosition(at int) (line, column int) {
	line, column = position(c.Code, at)
	start := strings.LastIndexByte(c.Code[:at], '\n') + 1
	return line, max(1, column-(c.grown(at)-c.grown(start)))
}

func (c Cell) grown(at int) int {
	by := 0
	for _, s := range c.shift {
		if s.from <= at {
			by = s.by
		}
	}
	return by
}

// position returns the line and the column, in characters, of an offset.
func position(text string, at int) (line, column int) {
	before := text[:at]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}
