package flink

import (
	"strings"
	"unicode/utf8"
)

// Statement is one SQL statement of a file.
type Statement struct {
	// Text has no final semicolon, and keeps its line breaks.
	Text string
	File string
	Line int // of its first token, from 1

	column int      // of its first token, from 1
	shifts []shift  // how parameters and options moved the columns
	secret []string // texts that errors must not show
}

// Parse fills in the parameters, written ${name}, and splits text into its
// statements. file is the name for errors. Comments before and after a statement
// are left out, and so are empty statements. A block from STATEMENT SET BEGIN to
// its END is one statement; BEGIN STATEMENT SET, its INSERTs and its END are one
// each, because the gateway's session puts them together.
//
// A parameter in a comment stays as it is. A parameter that isn't in params is an
// error, and so is a value that would end the text or the statement around it.
// Every error is a *SQLError.
func Parse(file, text string, params map[string]string) ([]Statement, error) {
	src := source{file: file, text: strings.TrimPrefix(text, "\ufeff"), params: params}
	if !utf8.ValidString(src.text) {
		return nil, src.error(&fail{invalidByte(src.text), "this byte isn't UTF-8; save the file as UTF-8"})
	}
	tokens, failed := lex(src.text)
	if failed != nil {
		return nil, src.error(failed)
	}
	groups, failed := src.split(tokens)
	if failed != nil {
		return nil, src.error(failed)
	}
	var statements []Statement
	at := walker{text: src.text, line: 1, column: 1}
	for _, group := range groups {
		s, failed := src.fill(group)
		if failed != nil {
			return nil, src.error(failed)
		}
		at.to(group[0].start)
		s.Line, s.column = at.line, at.column
		statements = append(statements, s)
	}
	return statements, nil
}

func invalidByte(text string) int {
	for i, r := range text {
		if _, size := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && size == 1 {
			return i
		}
	}
	return 0
}

// source is a file that is being parsed.
type source struct {
	file, text string
	params     map[string]string
}

func (s source) error(f *fail) *SQLError {
	line, column := s.position(f.at)
	text := s.text[strings.LastIndexByte(s.text[:f.at], '\n')+1:]
	return &SQLError{File: s.file, Line: line, Column: column, Reason: f.reason, Statement: firstLine(text)}
}

// position returns the line and the column, in characters, of an offset.
func (s source) position(at int) (line, column int) {
	before := s.text[:at]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}

// split groups the tokens by statement, without semicolons and without the
// comments around a statement.
func (s source) split(tokens []token) ([][]token, *fail) {
	var groups [][]token
	var group []token
	block := -1 // where the open STATEMENT SET BEGIN begins in group
	for _, t := range tokens {
		switch {
		case t.kind == comment && len(group) == 0, t.kind == semicolon && len(group) == 0:
		case t.kind == semicolon && block < 0:
			groups, group = append(groups, trimComments(group)), nil
		default:
			group = append(group, t)
			if t.kind == word {
				block = s.block(group, block)
			}
		}
	}
	if block >= 0 {
		return nil, &fail{group[block].start, "the STATEMENT SET that begins here has no END"}
	}
	if len(group) > 0 {
		groups = append(groups, trimComments(group))
	}
	return groups, nil
}

// block returns where the STATEMENT SET block begins that is still open after the
// last token of group, or -1. An END closes it if it follows a semicolon; the END
// of a CASE doesn't.
func (s source) block(group []token, open int) int {
	code := lastCode(group, 3)
	n := len(code)
	last := group[code[n-1]]
	switch {
	case open < 0 && n == 3 && s.is(group[code[0]], "STATEMENT") && s.is(group[code[1]], "SET") && s.is(last, "BEGIN"):
		return code[0]
	case open >= 0 && n > 1 && s.is(last, "END") && group[code[n-2]].kind == semicolon:
		return -1
	}
	return open
}

// lastCode returns the places of the last n tokens that aren't comments.
func lastCode(group []token, n int) []int {
	var found []int
	for i := len(group) - 1; i >= 0 && len(found) < n; i-- {
		if group[i].kind != comment {
			found = append([]int{i}, found...)
		}
	}
	return found
}

func (s source) is(t token, keyword string) bool {
	return t.kind == word && strings.EqualFold(s.text[t.start:t.end], keyword)
}

func trimComments(group []token) []token {
	for len(group) > 0 && group[len(group)-1].kind == comment {
		group = group[:len(group)-1]
	}
	return group
}
