// Package printable makes text of others, such as what a student's program
// printed or the name of a student's folder, safe to print on a terminal or to
// put into a page.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns text as valid UTF-8 in which nothing moves a terminal's cursor,
// changes its colours or turns the direction of writing. Lines and tabs stay; a
// control character becomes Unicode's picture for it, or U+FFFD where it has none.
func Text(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ':
			return '\u2400' + r
		case r == 0x7f:
			return '\u2421'
		case r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r&0xfffe == 0xfffe:
			return utf8.RuneError
		}
		return r
	}, strings.ReplaceAll(text, "\r\n", "\n"))
}

// Line is Text on a single line: newlines and tabs become spaces.
func Line(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return ' '
		}
		return r
	}, Text(text))
}

// Clip returns at most the first limit bytes of text, cut between two characters.
func Clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	// No character is longer than UTFMax: bytes that aren't UTF-8 are cut anywhere.
	for end > max(0, limit-utf8.UTFMax) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}
