package panel

import (
	"fmt"
	"slices"
)

// numbers are Elasticsearch's numeric types.
var numbers = []string{"double", "float", "half_float", "scaled_float", "long", "integer", "short", "byte", "unsigned_long"}

// CheckMapping lists what keeps a panel from being drawn from an index whose fields
// have these types: missing fields, and fields of a type that the panel can't use.
// Each problem names file, panel and field.
func CheckMapping(p Panel, types map[string]string) []string {
	var problems []string
	add := func(field, format string, args ...any) {
		problems = append(problems, fmt.Sprintf("%s: field %q %s", p, field, fmt.Sprintf(format, args...)))
	}
	if p.View.TimeField == "" {
		problems = append(problems, fmt.Sprintf("%s: %s has no time field, so nothing can be shown over time", p, p.View.Name))
	}
	for _, use := range p.uses() {
		kind, found := types[use.field]
		switch {
		case use.field == "":
			problems = append(problems, fmt.Sprintf("%s: its %s names no field", p, use.what))
		case !found:
			add(use.field, "(%s) isn't in the mapping of index %s", use.what, p.View.Index)
		case !slices.Contains(use.types, kind):
			add(use.field, "(%s) is mapped as %s, want %s%s", use.what, kind, use.want, advice(kind))
		}
	}
	return problems
}

// use is a field that a panel uses, and the types that it may have.
type use struct {
	field, what, want string
	types             []string
}

func (p Panel) uses() (all []use) {
	dates, exact := []string{"date", "date_nanos"}, append([]string{"keyword", "date", "boolean", "ip"}, numbers...)
	if p.View.TimeField != "" {
		all = append(all, use{p.View.TimeField, "time field", "date", dates})
	}
	for _, t := range leaves(p.Filter) {
		if t.Field != AnyField {
			all = append(all, use{t.Field, "filter", "keyword", exact})
		}
	}
	for _, b := range p.Buckets {
		switch b.By {
		case DateHistogram:
			all = append(all, use{b.Field, string(b.By), "date", dates})
		case Histogram:
			all = append(all, use{b.Field, string(b.By), "a number", numbers})
		default:
			all = append(all, use{b.Field, string(b.By), "keyword", exact})
		}
	}
	for _, m := range p.Metrics {
		switch m.Of {
		case Count:
		case Unique:
			all = append(all, use{m.Field, string(m.Of), "keyword", exact})
		default:
			all = append(all, use{m.Field, string(m.Of), "a number", numbers})
		}
	}
	return all
}

func advice(kind string) string {
	if kind == "text" {
		return " (without an index template, Elasticsearch maps a string as text: put the template first, and write times as ISO-8601)"
	}
	return ""
}
