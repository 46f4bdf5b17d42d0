package flink

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	word    tokenKind = iota // keyword, plain name or number
	quoted                   // 'text' or `name`
	param                    // ${name}
	comment                  // -- or // to the line's end, or /* */
	semicolon
	other
)

// token is a piece of a file, by its offsets in bytes. Space makes no token.
type token struct {
	kind       tokenKind
	start, end int
}

// lexer splits SQL as Flink's default dialect does, which is Calcite's lexer in its
// state for back quotes (apache/calcite, Parser.jj, BTID): a " quotes nothing, // begins
// a comment too, and a /*+ hint */ isn't a comment.
type lexer struct {
	text string
	at   int
	hint int // where the open hint begins, or -1
}

// fail is an error at an offset of the text.
type fail struct {
	at     int
	reason string
}

func lex(text string) ([]token, *fail) {
	l := lexer{text: text, hint: -1}
	var tokens []token
	for {
		l.skipSpace()
		if l.at == len(l.text) {
			break
		}
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	if l.hint >= 0 {
		return nil, &fail{l.hint, "the hint that begins here has no closing */"}
	}
	return tokens, nil
}

func (l *lexer) skipSpace() {
	rest := strings.TrimLeft(l.text[l.at:], " \t\r\n\f")
	l.at = len(l.text) - len(rest)
}

func (l *lexer) next() (token, *fail) {
	t := token{kind: other, start: l.at}
	rest := l.text[l.at:]
	var err *fail
	switch {
	case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "//"):
		t.kind, t.end = comment, l.lineEnd()
	case l.hint < 0 && strings.HasPrefix(rest, "/*+"):
		l.hint, t.end = l.at, l.at+3
	case l.hint >= 0 && strings.HasPrefix(rest, "*/"):
		l.hint, t.end = -1, l.at+2
	case strings.HasPrefix(rest, "/*"):
		t.kind = comment
		t.end, err = l.blockEnd()
	case rest[0] == '\'', rest[0] == '`':
		t.kind = quoted
		t.end, err = l.quoteEnd(rest[0])
	case rest[0] == ';' && l.hint < 0:
		t.kind, t.end = semicolon, l.at+1
	case paramName(rest) != "":
		t.kind, t.end = param, l.at+len("${}")+len(paramName(rest))
	default:
		t.kind, t.end = l.wordEnd()
	}
	l.at = t.end
	return t, err
}

func (l *lexer) lineEnd() int {
	if i := strings.IndexAny(l.text[l.at:], "\r\n"); i >= 0 {
		return l.at + i
	}
	return len(l.text)
}

func (l *lexer) blockEnd() (int, *fail) {
	if i := strings.Index(l.text[l.at+2:], "*/"); i >= 0 {
		return l.at + 2 + i + 2, nil
	}
	return 0, &fail{l.at, "the comment that begins here has no closing */"}
}

// quoteEnd finds the closing quote. Two quotes in a row stand for one inside. Text
// may have several lines, a name may not.
func (l *lexer) quoteEnd(quote byte) (int, *fail) {
	for i := l.at + 1; i < len(l.text); i++ {
		switch c := l.text[i]; {
		case c == quote && i+1 < len(l.text) && l.text[i+1] == quote:
			i++
		case c == quote:
			return i + 1, nil
		case quote == '`' && (c == '\n' || c == '\r'):
			return 0, &fail{l.at, "the name that begins here has no closing ` on the same line"}
		}
	}
	if quote == '`' {
		return 0, &fail{l.at, "the name that begins here has no closing `"}
	}
	return 0, &fail{l.at, "the text that begins here has no closing '"}
}

func (l *lexer) wordEnd() (tokenKind, int) {
	for i, r := range l.text[l.at:] {
		if r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			if i > 0 {
				return word, l.at + i
			}
			_, size := utf8.DecodeRuneInString(l.text[l.at:])
			return other, l.at + size
		}
	}
	return word, len(l.text)
}

// paramName returns the name of the ${name} that text begins with, or "": any other
// $ is literal.
func paramName(text string) string {
	rest, ok := strings.CutPrefix(text, "${")
	if !ok {
		return ""
	}
	name, _, closed := strings.Cut(rest, "}")
	if !closed {
		return ""
	}
	for i := range len(name) {
		c := name[i] | 0x20 // lower case
		letter := c >= 'a' && c <= 'z' || name[i] == '_'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789-.", rune(name[i]))) {
			return ""
		}
	}
	return name
}
