package provisioning

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// chosen is what is chosen of a variable.
type chosen struct {
	variable variableJSON
	field    string // whose terms are offered, or ""
	values   []string
	wrong    error // of one that isn't a query, and matters only where it is used
}

func (c chosen) all() bool { return slices.Contains(c.values, allOf) }

func (c chosen) check() error {
	switch v := c.variable; {
	case c.all() && !v.IncludeAll:
		return fmt.Errorf("all is chosen, but includeAll isn't true")
	case c.all():
		return nil
	case len(c.values) == 0:
		return fmt.Errorf("nothing is chosen")
	case !v.Multi && len(c.values) > 1:
		return fmt.Errorf("%q are chosen, though multi isn't true", c.values)
	case v.Type == "datasource":
		return nil // a name, which may have any letters
	}
	for _, value := range c.values {
		if !word.MatchString(value) {
			return fmt.Errorf("%q is chosen; only letters, digits, _, @ and dots are understood here", value)
		}
	}
	return nil
}

// formats are those that make sense in a query. Source: Grafana's manual, "Variable
// syntax", advanced variable format options.
var formats = map[string]func([]string) string{
	"csv":         func(v []string) string { return strings.Join(v, ",") },
	"raw":         func(v []string) string { return strings.Join(v, ",") },
	"text":        func(v []string) string { return strings.Join(v, " + ") },
	"pipe":        func(v []string) string { return strings.Join(v, "|") },
	"doublequote": func(v []string) string { return `"` + strings.Join(v, `","`) + `"` },
	"singlequote": func(v []string) string { return "'" + strings.Join(v, "','") + "'" },
	"glob":        func(v []string) string { return several(v, "{", ",", "}") },
	"regex":       func(v []string) string { return several(v, "(", "|", ")") },
}

func several(values []string, before, between, after string) string {
	if len(values) == 1 {
		return values[0]
	}
	return before + strings.Join(values, between) + after
}

// text returns what Grafana puts into a query for the variable: allValue as it is, and
// otherwise a format, by default Lucene's, which the data source asks for. Source:
// Grafana's manual, "Variable syntax", and its Elasticsearch data source,
// interpolateLuceneQuery in datasource.ts.
func (c chosen) text(format string) string {
	if as, known := formats[format]; known && !c.all() {
		return as(c.values)
	}
	switch {
	case c.all() && !c.variable.listed():
		return *c.variable.AllValue
	case c.all() && format == "regex":
		return ".*" // see interpolate
	case c.all():
		return "*"
	case c.variable.Multi:
		return `("` + strings.Join(c.values, `" OR "`) + `")`
	}
	return c.values[0]
}

// variableIn matches $name, ${name}, ${name:format} and [[name]], and the field before.
var variableIn = regexp.MustCompile(`(?:([\w@.]+):[(/]?)?(?:\$\{(\w+)(?::(\w+))?\}|\$(\w+)|\[\[(\w+)(?::(\w+))?\]\])`)

// interpolate fills the variables into a query. Of one without an allValue, all is the
// list of every term of its field, which * stands for here: it selects the same rows
// of that field.
func (r *reading) interpolate(query string) (string, error) {
	var wrong error
	filled := variableIn.ReplaceAllStringFunc(query, func(match string) string {
		part := variableIn.FindStringSubmatch(match)
		name, format := part[2]+part[4]+part[5], part[3]+part[6]
		c, known := r.variables[name]
		_, formatted := formats[format]
		switch {
		case !known:
			wrong = fmt.Errorf("the dashboard has no variable $%s", name)
		case c.wrong != nil:
			wrong = fmt.Errorf("of the variable $%s, %w", name, c.wrong)
		case format != "" && format != "lucene" && !formatted:
			wrong = fmt.Errorf("the format %q of $%s isn't understood here; leave it out", format, name)
		case c.all() && c.variable.listed() && part[1] != c.field:
			wrong = fmt.Errorf("all is chosen of $%s, which is then the list of all terms of %s; use it as %[2]s:$%[1]s, or set allValue", name, c.field)
		}
		at := strings.LastIndexAny(match, "$[")
		if strings.HasPrefix(match[max(0, at-1):], "[[") {
			at--
		}
		return match[:at] + c.textOrNothing(format)
	})
	return filled, wrong
}

func (c chosen) textOrNothing(format string) string {
	if len(c.values) == 0 {
		return ""
	}
	return c.text(format)
}
