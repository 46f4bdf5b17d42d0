package flink

import (
	"slices"
	"strings"
	"unicode/utf8"

	"hoplab.example/harness/server/access"
)

// Option is an option in a table's WITH clause.
type Option struct {
	Name, Value string
	Secret      string // the part of Value, if any, that errors must not show
}

// WithOptions adds options to a statement that creates a table of this connector;
// any other statement is returned as it is. Options that the statement already has
// aren't changed. The statement keeps its lines, and errors give the file's columns.
func (s Statement) WithOptions(connector string, options ...Option) Statement {
	with := s.with()
	if with == nil || with.value("connector") != connector {
		return s
	}
	var added strings.Builder
	for _, o := range options {
		if with.has(o.Name) {
			continue
		}
		added.WriteString(", " + quote(o.Name) + " = " + quote(o.Value))
		if o.Secret != "" {
			s.secret = append(slices.Clip(s.secret), written(o.Secret)...)
		}
	}
	return s.replace(with.end, with.end, added.String())
}

// UntilNow ends a table of Kafka's where its topic ends now.
var UntilNow = Option{Name: "scan.bounded.mode", Value: "latest-offset"}

// WithKafka is WithOptions for both connectors of Kafka's.
func (s Statement) WithKafka(options ...Option) Statement {
	return s.WithOptions("kafka", options...).WithOptions("upsert-kafka", options...)
}

// WithHTTPS changes the hosts of a table of this connector to HTTPS.
func (s Statement) WithHTTPS(connector string) Statement {
	with := s.with()
	if with == nil || with.value("connector") != connector {
		return s
	}
	for i := len(with.pairs) - 1; i >= 0; i-- {
		p := with.pairs[i]
		if p.name != "hosts" {
			continue
		}
		text := s.Text[p.value.start:p.value.end]
		for at := strings.LastIndex(text, "http://"); at >= 0; at = strings.LastIndex(text[:at], "http://") {
			colon := p.value.start + at + len("http")
			s = s.replace(colon, colon, "s")
		}
	}
	return s
}

// written returns the ways in which Flink may repeat a secret: as it is, and as
// it is quoted in SQL, in JAAS, and in JAAS in SQL. The longest come first.
func written(secret string) []string {
	inJAAS := access.JAAS(secret)
	inJAAS = inJAAS[1 : len(inJAAS)-1]
	doubled := func(text string) string { return strings.ReplaceAll(text, "'", "''") }
	return []string{doubled(inJAAS), inJAAS, doubled(secret), secret}
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func unquote(text string) string {
	return strings.ReplaceAll(text[1:len(text)-1], "''", "'")
}

// clause is a table's WITH clause, by offsets in the statement's text.
type clause struct {
	pairs []pair
	end   int // of its closing parenthesis
}

type pair struct {
	name, text string
	value      token
}

func (c *clause) value(name string) string {
	for _, p := range c.pairs {
		if strings.EqualFold(p.name, name) {
			return p.text
		}
	}
	return ""
}

func (c *clause) has(name string) bool {
	for _, p := range c.pairs {
		if p.name == name {
			return true
		}
	}
	return false
}

// with finds the WITH clause of a CREATE TABLE, or nil. Anywhere else in a
// statement, WITH isn't followed by a parenthesis and a quoted name.
func (s Statement) with() *clause {
	tokens, failed := lex(s.Text)
	if failed != nil {
		return nil
	}
	src := source{text: s.Text}
	var code []token
	for _, t := range tokens {
		if t.kind != comment {
			code = append(code, t)
		}
	}
	if len(code) == 0 || !src.is(code[0], "CREATE") {
		return nil
	}
	for i := range code {
		if src.is(code[i], "WITH") && i+1 < len(code) && s.Text[code[i+1].start:code[i+1].end] == "(" {
			return s.clause(code[i+2:])
		}
	}
	return nil
}

func (s Statement) clause(code []token) *clause {
	found := &clause{}
	text := func(t token) string { return s.Text[t.start:t.end] }
	for i, t := range code {
		if text(t) == ")" {
			found.end = t.start
			return found
		}
		if i+2 < len(code) && t.kind == quoted && text(code[i+1]) == "=" && code[i+2].kind == quoted {
			found.pairs = append(found.pairs, pair{unquote(text(t)), unquote(text(code[i+2])), code[i+2]})
		}
	}
	return nil
}

// replace puts a text of one line in place of what is between two offsets, and
// records how that moves the columns.
func (s Statement) replace(from, to int, text string) Statement {
	if from == to && text == "" {
		return s
	}
	line, column := source{text: s.Text}.position(from)
	grown := utf8.RuneCountInString(text)
	width := utf8.RuneCountInString(s.Text[from:to])
	added := shift{line, column, column + grown, width}
	var shifts []shift
	placed := false
	for _, old := range s.shifts {
		after := old.line > line || old.line == line && old.start >= column
		if after && !placed {
			shifts, placed = append(shifts, added), true
		}
		if old.line == line && after {
			old.start, old.end = old.start+grown-width, old.end+grown-width
		}
		shifts = append(shifts, old)
	}
	if !placed {
		shifts = append(shifts, added)
	}
	s.Text, s.shifts = s.Text[:from]+text+s.Text[to:], shifts
	return s
}

// hide removes a statement's secrets from a text.
func (s Statement) hide(text string) string {
	for _, secret := range s.secret {
		text = strings.ReplaceAll(text, secret, "(hidden)")
	}
	return text
}
