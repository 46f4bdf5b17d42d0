package savedobject

import (
	"fmt"
	"strconv"
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
		if !k.spaced || !k.word("and") {
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
	spaced    bool // there is space before it
}

// reserved are characters that Kibana reads in a special way in an unquoted text.
const reserved = `:()*<>={}\`

// special reports whether the token is an unquoted text with a meaning of its own.
func (k *kql) special() bool {
	return !k.quoted && (strings.ContainsAny(k.token, reserved) || k.token == "null" || k.word("not"))
}

func (k *kql) term() (panel.Term, error) {
	field := k.token
	if k.quoted || k.end() || k.special() {
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
		if k.end() || k.special() {
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
		case !k.spaced || !k.word("or"):
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

const spaces = " \t\r\n\u00a0"

// next reads one token. A quote that isn't closed extends to the end of the text, and
// isn't a value: its token keeps a character that values can't have.
func (k *kql) next() {
	before := k.at
	k.at = len(k.text) - len(strings.TrimLeft(k.text[k.at:], spaces))
	k.start, k.quoted, k.spaced = k.at, false, k.at > before
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
			i += unescape(&value, rest[i:]) - 1
		default:
			value.WriteByte(rest[i])
		}
	}
	k.token, k.at = `\`+rest, len(k.text)
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
