package savedobject

import (
	"fmt"
	"strings"

	"hoplab.example/harness/client/panel"
)

// parseKQL reads Kibana's query language: field : value, lists of values, ranges, a
// value of any field, and all of these with and, or, not and parentheses. Source:
// Kibana's grammar, src/plugins/data/common/es_query/kuery/ast of 7.17 (kuery.peg), and
// queries parsed by 7.17.6.
func parseKQL(text string) ([]panel.Term, error) {
	k := &kql{text: text}
	k.space()
	if k.end() {
		return nil, nil
	}
	term, err := k.or()
	if err != nil {
		return nil, err
	}
	if k.space(); !k.end() {
		return nil, k.want("and, or, or the end")
	}
	switch {
	case term.All != nil && !term.Not:
		return term.All, nil
	case term.Field == panel.AnyField && term.Values == nil && !term.Not:
		return nil, nil // * alone
	}
	return []panel.Term{term}, nil
}

type kql struct {
	text string
	at   int
}

func (k *kql) end() bool { return k.at == len(k.text) }

func (k *kql) rest() string { return k.text[k.at:] }

const spaces = " \t\r\n\u00a0"

func (k *kql) space() { k.at = len(k.text) - len(strings.TrimLeft(k.rest(), spaces)) }

func (k *kql) want(what string) error {
	seen := "its end"
	if word := strings.Fields(k.rest()); len(word) > 0 {
		seen = fmt.Sprintf("%q", word[0])
	}
	return fmt.Errorf("the query %q isn't understood at column %d: want %s, there is %s", k.text, k.at+1, what, seen)
}

// take moves behind a text, if that is next.
func (k *kql) take(text string) bool {
	found := strings.HasPrefix(k.rest(), text)
	if found {
		k.at += len(text)
	}
	return found
}

// joins returns how long and or or, with space on both sides, is where it is next.
func joins(text, word string) int {
	after := strings.TrimLeft(text, spaces)
	if len(after) == len(text) || len(after) < len(word) || !strings.EqualFold(after[:len(word)], word) {
		return 0
	}
	right := strings.TrimLeft(after[len(word):], spaces)
	if len(right) == len(after)-len(word) {
		return 0
	}
	return len(text) - len(right)
}

// negates returns how long not, with space after it, is where it is next.
func negates(text string) int {
	if len(text) < 3 || !strings.EqualFold(text[:3], "not") {
		return 0
	}
	after := strings.TrimLeft(text[3:], spaces)
	if len(after) == len(text)-3 {
		return 0
	}
	return len(text) - len(after)
}

func (k *kql) skip(n int) bool {
	k.at += n
	return n > 0
}

type parser func() (panel.Term, error)

// chain reads what a word joins.
func (k *kql) chain(part parser, word string, join func([]panel.Term) panel.Term) (panel.Term, error) {
	var parts []panel.Term
	for {
		term, err := part()
		if err != nil {
			return term, err
		}
		parts = append(parts, term)
		if !k.skip(joins(k.rest(), word)) {
			break
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	return join(parts), nil
}

func all(parts []panel.Term) panel.Term { return panel.Term{All: parts} }

// either makes one term of the values of one field.
func either(parts []panel.Term) panel.Term {
	one := panel.Term{Field: parts[0].Field}
	for _, t := range parts {
		if t.Not || t.Field != one.Field || len(t.Values) == 0 {
			return panel.Term{Any: parts}
		}
		one.Values = append(one.Values, t.Values...)
	}
	return one
}

func (k *kql) or() (panel.Term, error) { return k.chain(k.and, "or", either) }

func (k *kql) and() (panel.Term, error) { return k.chain(k.not, "and", all) }

func (k *kql) not() (panel.Term, error) { return k.negated(k.group(k.or, k.expression)) }

func (k *kql) negated(part parser) (panel.Term, error) {
	negate := k.skip(negates(k.rest()))
	term, err := part()
	term.Not = term.Not != negate
	return term, err
}

// group returns what reads one part in parentheses, or else another.
func (k *kql) group(inside, otherwise parser) parser {
	return func() (panel.Term, error) {
		if !k.take("(") {
			return otherwise()
		}
		k.space()
		term, err := inside()
		if err != nil {
			return term, err
		}
		if k.space(); !k.take(")") {
			return term, k.want("and, or, or )")
		}
		return term, nil
	}
}

// operators are those of ranges, the longer ones first.
var operators = []struct{ sign, name string }{{"<=", "lte"}, {">=", "gte"}, {"<", "lt"}, {">", "gt"}}

func (k *kql) expression() (panel.Term, error) {
	field, err := k.literal(`a field, or a value`)
	if err != nil {
		return panel.Term{}, err
	}
	after := k.at
	k.space()
	for _, o := range operators {
		if k.take(o.sign) {
			return k.bound(field, o.name)
		}
	}
	if k.take(":") {
		return k.values(field)
	}
	k.at = after
	return field.of(panel.AnyField), nil
}

func (k *kql) bound(field literal, operator string) (panel.Term, error) {
	k.space()
	at := k.at
	value, err := k.literal("a value")
	if err == nil && value.wild {
		k.at = at
		err = k.want("a value without *")
	}
	return panel.Term{Field: field.text, Bounds: panel.Bounds{operator: value.text}}, err
}

func (k *kql) values(field literal) (panel.Term, error) {
	k.space()
	if strings.HasPrefix(k.rest(), "{") {
		return panel.Term{}, k.want("a value; nested fields aren't understood here")
	}
	if field.wild {
		return panel.Term{}, fmt.Errorf("the query %q isn't understood: * in the name of a field; name each field", k.text)
	}
	value := func() (panel.Term, error) {
		value, err := k.literal("a value")
		return value.of(field.text), err
	}
	var or parser
	list := func() (panel.Term, error) { return k.group(or, value)() }
	and := func() (panel.Term, error) {
		return k.chain(func() (panel.Term, error) { return k.negated(list) }, "and", all)
	}
	or = func() (panel.Term, error) { return k.chain(and, "or", either) }
	return list()
}
