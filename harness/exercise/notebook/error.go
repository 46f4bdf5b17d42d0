package notebook

import "fmt"

// Error is what is wrong with a page itself, at a place of it.
type Error struct {
	File   string
	Line   int // from 1
	Column int // in characters, from 1, or 0 where it is the whole line
	Reason string
}

// Error returns file:line: reason, or file:line:column: reason.
func (e *Error) Error() string {
	if e.Column > 0 {
		return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Failure says that a cell failed by itself: Flink refused its SQL, its script
// ended with another status than 0. It is what a trap has to do. Any other error
// of an executor is the harness's, or that of a server that can't be reached.
type Failure struct {
	// Text is what the page shows: it names places by the cell's own lines, which
	// don't change with the text above the cell. What the cell printed before it
	// failed comes first.
	Text string
	Err  error // what was found, with places of the page
}

func (f *Failure) Error() string { return f.Err.Error() }
func (f *Failure) Unwrap() error { return f.Err }
