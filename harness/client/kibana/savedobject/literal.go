package savedobject

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hoplab.example/harness/client/panel"
)

// literal is a field or a value of a query.
type literal struct {
	text string
	wild bool // a * that isn't quoted
}

// of returns the condition that a field has the value; * is any value.
func (l literal) of(field string) panel.Term {
	if l.wild {
		return panel.Term{Field: field}
	}
	return panel.Term{Field: field, Values: []string{l.text}}
}

// reserved are characters that can't be in an unquoted text without a backslash.
const reserved = `\():<>"*{}`

// literal reads a text in quotes, or one that ends where a reserved character or a
// word such as and is next. Space within it belongs to it.
func (k *kql) literal(what string) (literal, error) {
	if strings.HasPrefix(k.rest(), `"`) {
		text, err := k.quoted()
		return literal{text: text}, err
	}
	start := k.at
	var text strings.Builder
	wild := false
	for !k.end() && joins(k.rest(), "and")+joins(k.rest(), "or")+negates(k.rest()) == 0 {
		c, size := utf8.DecodeRuneInString(k.rest())
		switch {
		case c == '*':
			wild = true
			text.WriteRune(c)
		case c == '\\':
			if size = k.escaped(&text); size == 0 {
				return literal{}, k.want(what)
			}
		case strings.ContainsRune(reserved, c):
			size = 0
		default:
			text.WriteRune(c)
		}
		if k.at += size; size == 0 {
			break
		}
	}
	l := literal{strings.Trim(text.String(), spaces), wild}
	switch {
	case l.text == "" || l.text == "null":
		k.at = start
		return l, k.want(what)
	case wild && l.text != "*":
		return l, fmt.Errorf("the query %q isn't understood: %q has a *, which is only understood alone; list the values", k.text, l.text)
	}
	return l, nil
}

// escaped writes what a backslash and the characters after it stand for, and returns
// how many bytes they have, or 0 where Kibana refuses them.
func (k *kql) escaped(to *strings.Builder) int {
	after := k.rest()[1:]
	for _, word := range []string{"and", "or", "not"} {
		if len(after) >= len(word) && strings.EqualFold(after[:len(word)], word) {
			to.WriteString(after[:len(word)])
			return 1 + len(word)
		}
	}
	if after != "" && strings.IndexByte(reserved, after[0]) >= 0 {
		to.WriteByte(after[0])
		return 2
	}
	if size := unescape(to, k.rest()); size > 1 {
		return size
	}
	return 0
}

func (k *kql) quoted() (string, error) {
	var value strings.Builder
	rest := k.rest()
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			k.at += i + 1
			return value.String(), nil
		case '\\':
			i += unescape(&value, rest[i:]) - 1
		default:
			value.WriteByte(rest[i])
		}
	}
	return "", k.want(`a value with " at its end`)
}

// unescape writes what a backslash and the character after it stand for, and returns
// how many bytes that takes. Before any other character, the backslash stands for
// itself. Source: queries parsed by Kibana 7.17.6.
func unescape(to *strings.Builder, text string) int {
	if len(text) < 2 {
		return len(text)
	}
	switch c := text[1]; c {
	case '"', '\\':
		to.WriteByte(c)
	case 't', 'r', 'n':
		to.WriteString(map[byte]string{'t': "\t", 'r': "\r", 'n': "\n"}[c])
	case 'u':
		code, err := strconv.ParseUint(text[2:min(6, len(text))], 16, 16)
		if err == nil && len(text) >= 6 {
			to.WriteRune(rune(code))
			return 6
		}
		to.WriteString(text[:2])
	default:
		to.WriteByte('\\')
		return 1
	}
	return 2
}
