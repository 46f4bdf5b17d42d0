// Package ui prints progress, tables and colours.
// Bars and colours are for terminals; elsewhere the same appears as plain lines that
// read well in a log.
package ui

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"hoplab.example/harness/util/printable"
)

// UI writes to one stream.
type UI struct {
	out      io.Writer
	terminal bool
	colour   bool
}

// New returns a UI on out. It is a terminal's where out is one; NO_COLOR and
// TERM=dumb are respected (no-color.org).
func New(out io.Writer) *UI {
	u := &UI{out: out}
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb" {
		u.terminal = true
		u.colour = os.Getenv("NO_COLOR") == ""
	}
	return u
}

// Write writes what another program says, as it is.
func (u *UI) Write(p []byte) (int, error) { return u.out.Write(p) }

// Stream is what it writes to, for a program that needs the terminal itself.
func (u *UI) Stream() io.Writer { return u.out }

// Say writes a line. What args quote, such as a file's name, can't move the cursor.
func (u *UI) Say(format string, args ...any) {
	fmt.Fprintln(u.out, Wrap(printable.Text(fmt.Sprintf(format, args...)), u.Width()))
}

// Wrap breaks each line that has more than width characters at its spaces. A longer word stays
// whole, so that it can be copied. With width 0 the text stays as it is.
func Wrap(text string, width int) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if width > 0 && utf8.RuneCountInString(line) > width {
			lines[i] = broken(line, width)
		}
	}
	return strings.Join(lines, "\n")
}

// broken keeps the line's indent, and the spaces between columns.
func broken(line string, width int) string {
	var out strings.Builder
	rest := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(rest)]
	for room := max(width-len(indent), 0); utf8.RuneCountInString(rest) > room; {
		cut := strings.LastIndexByte(string([]rune(rest)[:room+1]), ' ')
		if cut <= 0 {
			cut = strings.IndexByte(rest, ' ')
		}
		if cut <= 0 {
			break
		}
		out.WriteString(indent + strings.TrimRight(rest[:cut], " ") + "\n")
		rest = strings.TrimLeft(rest[cut:], " ")
	}
	return out.String() + indent + rest
}

// Terminal reports whether the stream is a terminal.
func (u *UI) Terminal() bool { return u.terminal }

// Size returns the columns and lines of the stream's terminal as it is now; 0 where it
// isn't one.
func (u *UI) Size() (columns, lines int) {
	file, ok := u.out.(*os.File)
	if !ok || !u.terminal {
		return 0, 0
	}
	columns, lines, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, lines
}

// Width returns the columns of Size.
func (u *UI) Width() int {
	columns, _ := u.Size()
	return columns
}

// Outcome returns an outcome's word in its colour.
func (u *UI) Outcome(word string) string {
	codes := map[string]string{"passed": "32", "works": "32", "failed": "31", "fails": "31", "error": "35", "skipped": "33"}
	if !u.colour || codes[word] == "" {
		return word
	}
	return "\x1b[" + codes[word] + "m" + word + "\x1b[0m"
}

// Count writes n with a comma between each three digits.
func Count(n int64) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
