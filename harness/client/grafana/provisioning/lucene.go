package provisioning

import (
	"fmt"
	"regexp"
	"strings"

	"hoplab.example/harness/client/panel"
)

// tokens matches the tokens of the supported part of Lucene's language: a value in
// quotes, a regular expression, a word, and any other single character.
var tokens = regexp.MustCompile(`"[^"\\]*"|/[^/]*/|[A-Za-z0-9_@.]+|\S`)

// oneOf matches a regular expression of values alone, such as /(A|B)/.
var oneOf = regexp.MustCompile(`^/\(?([A-Za-z0-9_@]+(?:\|[A-Za-z0-9_@]+)*)\)?/$`)

var word = regexp.MustCompile(`^[A-Za-z0-9_@.]+$`)

// parseLucene reads terms joined by AND, each a field and a value, such as
// sensor:accel, action:("A" OR "B"), or action:* for any value, which has nil Values.
// An empty query and * alone have no terms. Source: Elasticsearch's guide,
// "Query string query", query string syntax.
func parseLucene(query string) ([]panel.Term, error) {
	l := &lucene{rest: tokens.FindAllString(query, -1)}
	if len(l.rest) == 0 || len(l.rest) == 1 && l.rest[0] == "*" {
		return nil, nil
	}
	var terms []panel.Term
	for {
		term, err := l.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if len(l.rest) == 0 {
			return terms, nil
		}
		if next := l.next(); next != "AND" {
			return nil, l.unexpected(next, "AND")
		}
	}
}

type lucene struct{ rest []string }

func (l *lucene) next() string {
	if len(l.rest) == 0 {
		return ""
	}
	token := l.rest[0]
	l.rest = l.rest[1:]
	return token
}

func (l *lucene) unexpected(token, want string) error {
	if token == "" {
		return fmt.Errorf("it ends where %s is expected", want)
	}
	return fmt.Errorf("%q stands where %s is expected; only field:value, joined by AND, is understood here", token, want)
}

func (l *lucene) term() (panel.Term, error) {
	field := l.next()
	if !word.MatchString(field) || isOperator(field) {
		return panel.Term{}, l.unexpected(field, "a field")
	}
	if colon := l.next(); colon != ":" {
		return panel.Term{}, l.unexpected(colon, "a colon")
	}
	switch first := l.next(); first {
	case "*":
		return panel.Term{Field: field}, nil
	case "/.*/":
		return panel.Term{Field: field}, nil
	case "(":
		return l.choice(field)
	default:
		if values := oneOf.FindStringSubmatch(first); values != nil {
			return panel.Term{Field: field, Values: strings.Split(values[1], "|")}, nil
		}
		value, err := l.value(first)
		return panel.Term{Field: field, Values: []string{value}}, err
	}
}

func (l *lucene) choice(field string) (panel.Term, error) {
	term := panel.Term{Field: field}
	if len(l.rest) > 1 && l.rest[0] == "*" && l.rest[1] == ")" {
		l.rest = l.rest[2:]
		return term, nil
	}
	for {
		value, err := l.value(l.next())
		if err != nil {
			return term, err
		}
		term.Values = append(term.Values, value)
		switch next := l.next(); next {
		case ")":
			return term, nil
		case "OR":
		default:
			return term, l.unexpected(next, "OR or )")
		}
	}
}

func (l *lucene) value(token string) (string, error) {
	if inner, quoted := strings.CutPrefix(token, `"`); quoted && len(inner) > 1 {
		return strings.TrimSuffix(inner, `"`), nil
	}
	if !word.MatchString(token) || isOperator(token) {
		return "", l.unexpected(token, "a value")
	}
	return token, nil
}

func isOperator(word string) bool {
	return word == "AND" || word == "OR" || word == "NOT" || word == "TO"
}
