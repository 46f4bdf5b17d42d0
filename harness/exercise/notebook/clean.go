package notebook

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hinter is an error that says what to do next, as flink's do.
type hinter interface{ Hint() string }

// maxDetail is how much of a failed cell's output its report repeats.
const maxDetail = 4 << 10 // bytes

// tell words an error with its place, its hint and the cell's output.
func tell(c Cell, err error, output string) string {
	text := err.Error()
	if !strings.HasPrefix(text, c.Page+":") {
		text = fmt.Sprintf("%s:%d: %s", c.Page, c.Line, text)
	}
	var h hinter
	if errors.As(err, &h) && h.Hint() != "" {
		text += "\nhint: " + h.Hint()
	}
	if output = strings.TrimSpace(output); output != "" {
		text += "\nit printed:\n" + cut(output, maxDetail)
	}
	return clean(cut(text, 2*maxDetail))
}

// colours are escape sequences that a program writes to a terminal.
var colours = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")

// clean makes of what a program printed text for a page: UTF-8 without colours
// and control characters.
func clean(output string) string {
	output = strings.ToValidUTF8(output, "\ufffd")
	output = strings.ReplaceAll(output, "\r\n", "\n")
	output = colours.ReplaceAllString(output, "")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return '\ufffd'
		}
		return r
	}, output)
}

// cut leaves the first bytes of a text, whole characters, and says so.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit
	for end > max(0, limit-utf8.UTFMax) && !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s\n[cut: the first %d of %d bytes]\n", text[:end], end, len(text))
}
