package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of one text a report shows, in bytes. A student's program can write
// 10 MB; its first lines say what is wrong with it.
const (
	keptText = 64 << 10 // in the JSON, which is to hold all that matters
	pageText = 4 << 10  // in a page or in JUnit's XML
	cellText = 200      // in a table's cell
)

// cut returns text, or its first limit bytes and how much is left out.
func cut(text string, limit int) string {
	if head := clip(text, limit); len(head) < len(text) {
		return fmt.Sprintf("%s… (%d bytes more)", head, len(text)-len(head))
	}
	return text
}

// clip returns at most limit bytes of text. It cuts between two characters.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end-- // no further than a character is long: it may be no UTF-8
	}
	return text[:end]
}

// shown returns what a person is shown of a text, up to limit bytes. Control
// characters, which could move a terminal's cursor or turn the direction of
// writing, become signs for them. Lines and tabs stay.
func shown(text string, limit int) string {
	text = strings.ReplaceAll(cut(text, limit), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ':
			return '\u2400' + r // Unicode has a picture of each
		case r == 0x7f:
			return '\u2421'
		case r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r&0xfffe == 0xfffe:
			return utf8.RuneError
		}
		return r
	}, text)
}

// cell returns a text as one line, for a table. A longer one ends in a "…".
func cell(text string) string {
	line := strings.Join(strings.Fields(shown(text, pageText)), " ")
	if head := clip(line, cellText); len(head) < len(line) {
		return head + "…"
	}
	return line
}

// because returns why a check came to what it did.
func (c Check) because() string {
	if c.Reason == "" {
		return "no reason was given"
	}
	return c.Reason
}
