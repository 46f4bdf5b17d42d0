package lab

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Problem is what is wrong with a lab's definition, at a place of it.
type Problem struct {
	File   string
	Line   int // from 1
	Reason string
}

// Error returns file:line: reason.
func (p *Problem) Error() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Reason) }

// invalid is a problem with a value that was read. Its place is a path of keys
// and indices, such as "checks", 1, "run".
type invalid struct {
	place  []any
	reason string
}

// located finds the lines that problems are about.
func located(file string, text []byte, found []invalid) error {
	var errs []error
	for _, f := range found {
		errs = append(errs, &Problem{file, Line(text, f.place...), f.reason})
	}
	slices.SortStableFunc(errs, func(a, b error) int { return a.(*Problem).Line - b.(*Problem).Line })
	return errors.Join(errs...)
}

// Line returns the line of a value of a lab.yaml, from 1. place is the path to
// it, such as "checks", 1, "run". For a missing value it is the line of the nearest
// value around it.
func Line(text []byte, place ...any) int {
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return 1
	}
	line, at := 1, document.Content[0]
	for _, step := range place {
		key, value := child(at, step)
		if value == nil {
			break
		}
		line, at = key.Line, value
	}
	return line
}

// child returns what a step leads to, and the node that marks it: its key in a
// mapping, itself in a list.
func child(of *yaml.Node, step any) (key, value *yaml.Node) {
	switch step := step.(type) {
	case int:
		if of.Kind == yaml.SequenceNode && step < len(of.Content) {
			return of.Content[step], of.Content[step]
		}
	case string:
		for i := 0; of.Kind == yaml.MappingNode && i+1 < len(of.Content); i += 2 {
			if of.Content[i].Value == step {
				return of.Content[i], of.Content[i+1]
			}
		}
	}
	return nil, nil
}

var yamlPlace = regexp.MustCompile(`^(?:yaml: )?line ([0-9]+)(?:, column [0-9]+)?: (.*)$`)

// unread makes problems of the YAML reader's errors. One without a line gets 1.
func unread(file string, err error) error {
	texts := []string{err.Error()}
	var types *yaml.TypeError
	if errors.As(err, &types) {
		texts = types.Errors
	}
	var errs []error
	for _, text := range texts {
		p := &Problem{file, 1, strings.TrimPrefix(text, "yaml: ")}
		if m := yamlPlace.FindStringSubmatch(text); m != nil {
			p.Line, _ = strconv.Atoi(m[1])
			p.Reason = m[2]
		}
		p.Reason = plain(p.Reason)
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

var (
	noType  = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: (`.*`))? into (\\S+)$")
	noField = regexp.MustCompile(`^field (.+) not found in type \S+$`)
	wanted  = map[string]string{"int": "a whole number", "int64": "a whole number", "string": "a text", "bool": "true or false",
		"[]string": "a list of texts", "time.Duration": "a duration such as 90s", "map[string]string": "a map of texts"}
)

// plain says what is wrong without the names of Go's types.
func plain(reason string) string {
	if m := noField.FindStringSubmatch(reason); m != nil {
		return fmt.Sprintf("there is no key %s here", m[1])
	}
	m := noType.FindStringSubmatch(reason)
	if m == nil || wanted[m[3]] == "" {
		return reason
	}
	given := map[string]string{"seq": "a list", "map": "a map"}[m[1]]
	return fmt.Sprintf("want %s, not %s", wanted[m[3]], cmp.Or(m[2], given, m[1]))
}
