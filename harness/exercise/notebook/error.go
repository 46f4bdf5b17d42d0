package notebook

import "fmt"

// Error is something wrong with a page itself, and where.
type Error struct {
	File   string
	Line   int // from 1
	Column int // in characters, from 1, or 0 for the whole line
	Reason string
}

// Error returns file:line: reason, or file:line:column: reason.
func (e *Error) Error() string {
	if e.Column > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Failure says that the cell itself failed: Flink refused its SQL, or its script's
// exit status wasn't 0. A trap must end so. Any other error of an executor is the
// harness's own, or a server can't be reached.
type Failure struct {
	// Text is what the page shows. It counts lines within the cell, which don't
	// change with the text above it. What the cell printed before it failed comes
	// first.
	Text string
	Err  error // with line numbers of the page
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }
