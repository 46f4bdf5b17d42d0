package fence

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Template checks an index template of Elasticsearch, with its parameters filled in.
// It can only define how the run's own indices are mapped: an alias would give them
// the name of another index, and a pipeline or a script would run code for them.
func Template(file string, text []byte, rules Rules) error {
	if err := tooLarge(file, len(text), ConfigBytes); err != nil {
		return err
	}
	template, err := parseJSON(file, text, 1)
	if err != nil {
		return err
	}
	t := templateReader{file: file, rules: rules}
	patterns := false
	t.each(template, "the template", func(m member) {
		switch m.key {
		case "index_patterns":
			patterns = true
			t.patterns(m)
		case "template":
			t.each(m.value, "template", t.part)
		case "priority", "version", "_meta":
		case "composed_of": // Elasticsearch gives it out with each template
			if !m.value.array || len(m.value.list) > 0 {
				t.refuse(m, "leave it out: another template isn't the student's own")
			}
		default:
			t.refuse(m, "leave it out; a template can have index_patterns, priority, version and template here")
		}
	})
	if !patterns {
		t.faults = append(t.faults, refuse(file, template.line, "the template has no index_patterns", ownPatterns))
	}
	return errors.Join(t.faults...)
}

const ownPatterns = `write ["${index}", "${index}-*"]`

type templateReader struct {
	file   string
	rules  Rules
	faults []error
}

func (t *templateReader) each(n node, what string, do func(member)) {
	if !n.object {
		t.faults = append(t.faults, refuse(t.file, n.line, what+" isn't a JSON object", "write {…}"))
	}
	for _, m := range n.members {
		do(m)
	}
}

func (t *templateReader) refuse(m member, do string) {
	t.faults = append(t.faults, refuse(t.file, m.line, fmt.Sprintf("the key %q isn't allowed here", m.key), do))
}

func (t *templateReader) patterns(m member) {
	all := m.value.list
	if !m.value.array {
		all = []node{m.value}
	}
	for _, n := range all {
		pattern, _ := n.scalar.(string)
		if own := t.rules.Index; pattern != own && !(strings.HasPrefix(pattern, own+"-") && !strings.ContainsAny(pattern, ",<> /\\")) {
			t.faults = append(t.faults, refuse(t.file, n.line, fmt.Sprintf("index_patterns can't have %q", pattern), ownPatterns))
		}
	}
	if len(all) == 0 {
		t.refuse(m, "name the run's index")
	}
}

func (t *templateReader) part(m member) {
	switch m.key {
	case "settings":
		t.settings("", m.value)
	case "mappings":
		t.each(m.value, "mappings", t.mapping)
	default:
		t.refuse(m, "leave it out; template can have settings and mappings here")
	}
}

var settings = []string{"number_of_shards", "number_of_replicas", "refresh_interval", "mapping.total_fields.limit", "max_result_window", "codec"}

// settings accepts keys in both forms, "index.x" and {"index": {"x": …}}.
func (t *templateReader) settings(prefix string, n node) {
	t.each(n, "settings", func(m member) {
		key := prefix + m.key
		if m.value.object {
			t.settings(key+".", m.value)
			return
		}
		name := strings.TrimPrefix(key, "index.")
		value := fmt.Sprint(m.value.scalar)
		switch {
		case !slices.Contains(settings, name) || m.value.array:
			t.refuse(m, fmt.Sprintf("leave it out; the settings allowed here are %s", strings.Join(settings, ", ")))
		case strings.HasPrefix(name, "number_of") && (len(value) != 1 || value > "4"):
			t.faults = append(t.faults, refuse(t.file, m.line, fmt.Sprintf("%s can't be %s", m.key, value), "write a number from 0 to 4"))
		}
	})
}

var mappings = []string{"dynamic", "date_detection", "numeric_detection", "dynamic_date_formats", "_source", "_meta"}

func (t *templateReader) mapping(m member) {
	switch {
	case m.key == "properties":
		t.fields(m.value)
	case !slices.Contains(mappings, m.key):
		t.refuse(m, fmt.Sprintf("leave it out; the mappings allowed here are properties, %s", strings.Join(mappings, ", ")))
	}
}

// fields checks fields and their subfields. A field can have any name, so "script" is
// refused only as a parameter of a field.
func (t *templateReader) fields(n node) {
	t.each(n, "properties", func(field member) {
		t.each(field.value, field.key, func(m member) {
			switch m.key {
			case "properties", "fields":
				t.fields(m.value)
			case "script", "on_script_error":
				t.refuse(m, "leave it out: fields get their values from documents here")
			}
		})
	})
}
