package flink

import (
	"errors"
	"fmt"
)

// SQLError is what is wrong with one statement, or with a file of them.
type SQLError struct {
	File string
	// Line and Column are the file's, from 1: where Flink sees the fault, or else
	// where the statement begins.
	Line, Column int
	Reason       string // the root cause in one line
	Statement    string // its first line, shortened if it is long
}

// Error returns file:line:column: reason.
func (e *SQLError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
}

// Hint says what to do next, or "" if there is no advice.
func (e *SQLError) Hint() string { return Hint(e.Reason) }

// failure turns a refusal by the gateway into a *SQLError. Other errors, such as an
// unreachable gateway, aren't the statement's.
func (s Statement) failure(err error) error {
	var answer *answerError
	if !errors.As(err, &answer) {
		return fmt.Errorf("%s:%d: run %q: %w", s.File, s.Line, s.hide(s.head()), err)
	}
	found := reduce(answer.texts)
	e := &SQLError{File: s.File, Line: s.Line, Column: max(s.column, 1), Reason: s.hide(found.reason), Statement: s.hide(s.head())}
	if found.line > 0 {
		e.Line, e.Column = s.position(found.line, found.column)
	}
	return e
}
