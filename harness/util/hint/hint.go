// Package hint finds what to do next about an error. An error that knows it has a
// method Hint, which returns a sentence for the user.
package hint

import (
	"errors"
	"strings"
)

// Of returns the hint of the first error in err's tree that has the method, or "".
func Of(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return strings.TrimSpace(hinted.Hint())
	}
	return ""
}

// With returns err with a hint of its own, which precedes those of its tree.
func With(err error, hint string) error { return &hinted{err, hint} }

type hinted struct {
	error
	hint string
}

func (e *hinted) Unwrap() error { return e.error }

// Hint returns the sentence that With was given.
func (e *hinted) Hint() string { return e.hint }
