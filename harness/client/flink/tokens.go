package flink

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// TokenKind says what a token is.
type TokenKind int

// The kinds. Comments are left out.
const (
	Word   TokenKind = iota // keyword, plain name or number
	Name                    // `name`
	Text                    // 'text'
	Symbol                  // anything else: one character, or the beginning or end of a hint
)

// Token is a piece of a statement.
type Token struct {
	Kind TokenKind
	// Text is as written; for a name or a text it is what the quotes enclose.
	Text         string
	Line, Column int // the file's, from 1
}

// Begins reports whether the statement's first word is one of these keywords, which are
// in capitals.
func (s Statement) Begins(keywords ...string) bool {
	word := strings.IndexFunc(s.Text, func(c rune) bool { return !unicode.IsLetter(c) })
	if word < 0 {
		word = len(s.Text)
	}
	return slices.Contains(keywords, strings.ToUpper(s.Text[:word]))
}

// Tokens splits a statement into the tokens that Parse saw. Comments are returned
// separately.
func (s Statement) Tokens() (code, comments []Token, err error) {
	tokens, failed := lex(s.Text)
	if failed != nil {
		return nil, nil, source{file: s.File, text: s.Text}.error(failed)
	}
	at := walker{text: s.Text, line: 1, column: 1}
	for _, t := range tokens {
		at.to(t.start)
		made := s.token(t)
		made.Line, made.Column = s.filePosition(at.line, at.column)
		if t.kind == comment {
			comments = append(comments, made)
		} else {
			code = append(code, made)
		}
	}
	return code, comments, nil
}

// walker goes through a text once, forwards: counting each token's line from the
// beginning takes minutes for a file of 256 KiB.
type walker struct {
	text         string
	at           int // a byte
	line, column int // from 1, in characters
}

func (w *walker) to(offset int) {
	passed := w.text[w.at:offset]
	if n := strings.Count(passed, "\n"); n > 0 {
		w.line, w.column = w.line+n, 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	w.column += utf8.RuneCountInString(passed)
	w.at = offset
}

func (s Statement) token(t token) Token {
	made := Token{Kind: Symbol, Text: s.Text[t.start:t.end]}
	switch {
	case t.kind == word:
		made.Kind = Word
	case t.kind == quoted && made.Text[0] == '`':
		made.Kind, made.Text = Name, made.Text[1:len(made.Text)-1]
	case t.kind == quoted:
		made.Kind, made.Text = Text, unquote(made.Text)
	}
	return made
}
