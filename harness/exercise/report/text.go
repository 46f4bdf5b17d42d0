package report

import (
	"fmt"
	"strings"

	"hoplab.example/harness/util/printable"
)

// How much of one text a report shows, in bytes. A student's program can write
// 10 MB; its first lines say what is wrong with it.
const (
	keptText = 64 << 10 // in the JSON, which must have all that matters
	pageText = 4 << 10  // in a page or in JUnit's XML
	cellText = 200      // in a table's cell
)

// cut returns text, or its first limit bytes and how much is left out.
func cut(text string, limit int) string {
	if head := printable.Clip(text, limit); len(head) < len(text) {
		return fmt.Sprintf("%s… (%d bytes more)", head, len(text)-len(head))
	}
	return text
}

// shown returns what a person is shown of a text, up to limit bytes.
func shown(text string, limit int) string { return printable.Text(cut(text, limit)) }

// cell returns a text as one line, for a table. A longer one ends in a "…".
func cell(text string) string {
	line := strings.Join(strings.Fields(shown(text, pageText)), " ")
	if head := printable.Clip(line, cellText); len(head) < len(line) {
		return head + "…"
	}
	return line
}

// because returns the reason of a check's outcome.
func (c Check) because() string {
	if c.Reason == "" {
		return "no reason was given"
	}
	return c.Reason
}
