package notebook

import (
	"fmt"
	"regexp"
	"strings"

	"hoplab.example/harness/util/printable"

	"hoplab.example/harness/util/hint"
)

// maxDetail is how much of a failed cell's output the report repeats.
const maxDetail = 4 << 10 // bytes

// describe makes text of an error with its place, its hint and the cell's output.
func describe(c Cell, err error, output string) string {
	text := err.Error()
	if !strings.HasPrefix(text, c.Page+":") {
		text = fmt.Sprintf("%s:%d: %s", c.Page, c.Line, text)
	}
	if advice := hint.Of(err); advice != "" {
		text += "\nhint: " + advice
	}
	if output = strings.TrimSpace(output); output != "" {
		text += "\nit printed:\n" + cut(output, maxDetail)
	}
	return clean(cut(text, 2*maxDetail))
}

// colours are escape sequences that a program writes to a terminal.
var colours = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]")

// clean returns what a program printed as text for a page, without its colours.
func clean(output string) string { return printable.Text(colours.ReplaceAllString(output, "")) }

// cut leaves the first bytes of a text, and says so.
func cut(text string, limit int) string {
	head := printable.Clip(text, limit)
	if len(head) == len(text) {
		return text
	}
	return fmt.Sprintf("%s\n[cut: the first %d of %d bytes]\n", head, len(head), len(text))
}
