package savedobject

import (
	"fmt"
	"strings"

	"hoplab.example/harness/client/panel"
)

// parseKQL reads the part of Kibana's query language that selects values of fields:
// field : "A", field : ("A" or "B"), and several of these joined by and.
// Source: Kibana's guide, "Kibana Query Language".
func parseKQL(text string) ([]panel.Term, error) {
	k := &kql{text: text}
	k.next()
	var terms []panel.Term
	for !k.end() {
		term, err := k.term()
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if k.end() {
			break
		}
		if !k.word("and") {
			return nil, k.want("and")
		}
		if k.next(); k.end() {
			return nil, k.want("a field")
		}
	}
	return terms, nil
}

type kql struct {
	text      string
	at, start int
	token     string // a value without its quotes, one of : ( ), or "" at the end
	quoted    bool
}

func (k *kql) term() (panel.Term, error) {
	field := k.token
	if k.quoted || k.end() || strings.ContainsAny(field, `:()*<>=\`) || k.word("not") {
		return panel.Term{}, k.want("a field")
	}
	k.next()
	if k.token != ":" || k.quoted {
		return panel.Term{}, k.want(`: and a value, as in action : "A"`)
	}
	k.next()
	values, err := k.values()
	return panel.Term{Field: field, Values: values}, err
}

func (k *kql) values() ([]string, error) {
	list := !k.quoted && k.token == "("
	if list {
		k.next()
	}
	var values []string
	for {
		if !k.quoted && (k.token == "" || strings.ContainsAny(k.token, `:()*<>=\`) || k.word("not")) {
			return nil, k.want("a value")
		}
		values = append(values, k.token)
		k.next()
		switch {
		case !list:
			return values, nil
		case !k.quoted && k.token == ")":
			k.next()
			return values, nil
		case !k.word("or"):
			return nil, k.want("or")
		}
		k.next()
	}
}

func (k *kql) end() bool { return k.token == "" && !k.quoted }

func (k *kql) word(w string) bool { return !k.quoted && strings.EqualFold(k.token, w) }

func (k *kql) want(what string) error {
	seen := fmt.Sprintf("%q", k.token)
	if k.end() {
		seen = "its end"
	}
	return fmt.Errorf("the query %q isn't understood at column %d: want %s, there is %s", k.text, k.start+1, what, seen)
}

const spaces = " \t\r\n"

// next reads one token. A quote that isn't closed extends to the end of the text, and
// isn't a value: its token keeps a character that values can't have.
func (k *kql) next() {
	for k.at < len(k.text) && strings.IndexByte(spaces, k.text[k.at]) >= 0 {
		k.at++
	}
	k.start, k.quoted = k.at, false
	rest := k.text[k.at:]
	switch {
	case rest == "":
		k.token = ""
	case rest[0] == '"':
		k.quote(rest)
	case strings.IndexByte(":()", rest[0]) >= 0:
		k.token, k.at = rest[:1], k.at+1
	default:
		end := strings.IndexAny(rest, `:()"`+spaces)
		if end < 0 {
			end = len(rest)
		}
		k.token, k.at = rest[:end], k.at+end
	}
}

func (k *kql) quote(rest string) {
	var value strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			k.token, k.quoted, k.at = value.String(), true, k.at+i+1
			return
		case '\\':
			if i++; i < len(rest) {
				value.WriteByte(rest[i])
			}
		default:
			value.WriteByte(rest[i])
		}
	}
	k.token, k.at = `\`+rest, len(k.text)
}
