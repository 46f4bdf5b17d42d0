package fence

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// node is a JSON value that knows its line. An object keeps the order of its
// members.
type node struct {
	line    int
	members []member
	list    []node
	scalar  any  // string, json.Number, bool or nil
	object  bool // else a list or a scalar
	array   bool
}

// text returns a scalar as Kafka Connect reads it, which accepts numbers and booleans
// for text.
func (n node) text() (string, bool) {
	switch value := n.scalar.(type) {
	case string:
		return value, true
	case json.Number, bool:
		return fmt.Sprint(value), true
	}
	return "", false
}

type member struct {
	key   string
	line  int
	value node
}

// document is a JSON file that is being read.
type document struct {
	file, text string
	first      int // its first line's number
	decoder    *json.Decoder
}

// parseJSON refuses what two readers of JSON could understand in different ways: a
// key that is given twice, bytes that aren't UTF-8, text after the end.
func parseJSON(file string, text []byte, first int) (node, error) {
	d := &document{file: file, text: string(text), first: first, decoder: json.NewDecoder(bytes.NewReader(text))}
	d.decoder.UseNumber()
	if !utf8.Valid(text) {
		return node{}, d.fault("it isn't UTF-8", "save the file as UTF-8")
	}
	n, err := d.value(0)
	if err != nil {
		return node{}, err
	}
	if _, err := d.decoder.Token(); !errors.Is(err, io.EOF) {
		return node{}, d.fault("there is text after the end of the JSON", "leave it out")
	}
	return n, nil
}

func (d *document) line() int {
	return d.first + strings.Count(d.text[:min(int(d.decoder.InputOffset()), len(d.text))], "\n")
}

func (d *document) fault(reason, do string) error {
	return &Fault{File: d.file, Line: d.line(), Reason: reason, Do: do}
}

func (d *document) token() (json.Token, error) {
	token, err := d.decoder.Token()
	if err != nil {
		return nil, d.invalid(err)
	}
	return token, nil
}

// unseen are spaces and marks that word processors and web pages write.
const unseen = "\u00a0\u2007\u202f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"

// mistakes are what people write into JSON, by what it begins with, and what to do.
var mistakes = []struct{ begins, do string }{
	{"[“”„‟«»‘’]", `write straight double quotes: "`},
	{"'", `write double quotes: "`},
	{"(//|/\\*|#)", "leave the comment out: JSON has none"},
	{"(PUT|POST|GET|curl)\\b", "leave the request out: the file has only the JSON that is sent with it"},
	{"(True|False|None)\\b", "write true, false or null, in small letters"},
	{"[" + unseen + "]", "delete this character, which can't be seen"},
}

// invalid says what stands where the JSON ends to be any.
func (d *document) invalid(err error) error {
	at := min(int(d.decoder.InputOffset()), len(d.text))
	rest := strings.TrimLeft(d.text[at:], " \t\r\n,:")
	if strings.TrimSpace(d.text) == "" {
		return d.fault("it is empty", "hand in the file that you filled in")
	}
	before := d.text[:len(d.text)-len(rest)]
	d.first += strings.Count(before[at:], "\n")
	if strings.HasSuffix(strings.TrimRight(before, " \t\r\n"), ",") && rest != "" && strings.Contains("}]", rest[:1]) {
		return d.fault(fmt.Sprintf("invalid JSON: unexpected %q", rest[:1]), "leave out the comma before it")
	}
	for _, m := range mistakes {
		if found := regexp.MustCompile("^" + m.begins).FindString(rest); found != "" {
			return d.fault(fmt.Sprintf("invalid JSON: unexpected %q", found), m.do)
		}
	}
	return d.fault(fmt.Sprintf("invalid JSON: %v", err), "look for a missing comma, quote, value or bracket here")
}

func (d *document) value(depth int) (node, error) {
	token, err := d.token()
	if err != nil {
		return node{}, err
	}
	n := node{line: d.line()}
	if depth > jsonDepth {
		return n, d.fault(fmt.Sprintf("it is nested more than %d levels deep", jsonDepth), "hand in a flatter one")
	}
	switch token {
	case json.Delim('{'):
		n.object = true
		err = d.object(&n, depth)
	case json.Delim('['):
		n.array = true
		for err == nil && d.decoder.More() {
			var item node
			item, err = d.value(depth + 1)
			n.list = append(n.list, item)
		}
	default:
		n.scalar = token
		return n, nil
	}
	if err == nil {
		_, err = d.token()
	}
	return n, err
}

func (d *document) object(n *node, depth int) error {
	seen := map[string]bool{}
	for d.decoder.More() {
		token, err := d.token()
		if err != nil {
			return err
		}
		m := member{key: token.(string), line: d.line()}
		if seen[m.key] {
			return d.fault(fmt.Sprintf("the key %q is given twice", m.key), "leave one out")
		}
		seen[m.key] = true
		if m.value, err = d.value(depth + 1); err != nil {
			return err
		}
		n.members = append(n.members, m)
	}
	return nil
}

// Dashboards checks the file of a dashboard: JSON, or one JSON value per line where
// lines is set. A dashboard can ask for any index that its reader may see, so
// only its size and depth are limited.
func Dashboards(file string, text []byte, lines bool) error {
	if err := tooLarge(file, len(text), DashboardBytes); err != nil {
		return err
	}
	if !lines {
		_, err := parseJSON(file, text, 1)
		return err
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if len(bytes.TrimSpace(line)) > 0 {
			if _, err := parseJSON(file, line, 1+i); err != nil {
				if start := string(bytes.TrimSpace(line)); start == "{" || start == "[" {
					return refuse(file, 1+i, "its JSON goes over several lines", "hand in the file as Kibana exports it, with one object per line")
				}
				return err
			}
		}
	}
	return nil
}
