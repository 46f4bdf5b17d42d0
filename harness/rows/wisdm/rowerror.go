package wisdm

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// RowError says where a raw row is malformed, and how.
type RowError struct {
	File string // as the input names it; a path within a folder or zip follows that one's
	Line int    // 1 for the first
	// Column is the byte, 1 for the first of the line, at which the wrong field
	// begins, or the one after the line's end where something is missing.
	Column int
	Reason string
	Text   string // the field, or the whole line where its fields can't be separated, cut to some 60 bytes
}

// Error returns "file:line:column: reason: text", with the text quoted.
func (e *RowError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s: %q", e.File, e.Line, e.Column, e.Reason, e.Text)
}

// fault is a RowError that doesn't know yet which line it is of.
type fault struct {
	offset int // 0 for the first byte
	reason string
	text   []byte
}

const maxText = 60

// excerpt copies the beginning of text, which is in a buffer that is reused.
func excerpt(text []byte) string {
	if len(text) <= maxText {
		return string(text)
	}
	// A character that would be cut in two must not look like a bad byte.
	return strings.TrimRight(string(trimPartial(text[:maxText])), "\r\n") + "…"
}

func trimPartial(text []byte) []byte {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		tail := text[len(text)-back:]
		if utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return text[:len(text)-back]
			}
			break
		}
	}
	return text
}

// invalidByte returns the offset of the first byte of line that isn't valid UTF-8.
func invalidByte(line []byte) (int, bool) {
	if utf8.Valid(line) {
		return 0, false
	}
	return bytes.IndexFunc(line, func(r rune) bool { return r == utf8.RuneError }), true
}
