package lab

import (
	"bytes"
	"regexp"
)

// Todo marks what a student must fill in.
const Todo = "TODO"

// todo is the mark as a whole word: TODOS and MÉTODO are words of a student's. What
// isn't UTF-8, such as an É of Latin-1, is taken for a letter.
var todo = regexp.MustCompile(`(?:^|[^\pL\pM\pN_\x{FFFD}])(` + Todo + `)(?:[^\pL\pM\pN_\x{FFFD}]|$)`)

// TodoLine returns the line of a text's first mark, from 1, or 0.
func TodoLine(text []byte) int {
	at := todo.FindSubmatchIndex(text)
	if at == nil {
		return 0
	}
	return 1 + bytes.Count(text[:at[2]], []byte("\n"))
}
