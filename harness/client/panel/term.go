package panel

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// AnyField is the field of a Term that searches all fields for its values, but those of
// times: Elasticsearch 7.17.29 finds no row of 2023 by a multi_match of 2023.
const AnyField = "*"

// Term is a condition that a row must meet to be shown: one of a field, or several
// (Any, All).
type Term struct {
	Field string
	// Values are those that the field may have. Without them and without Bounds, any
	// value will do.
	Values []string
	Bounds Bounds
	Any    []Term // one of these holds
	All    []Term // each of these holds
	Not    bool   // the rows are shown that don't meet the condition
}

// Bounds are the ends of a range, as written, by Elasticsearch's names: gt, gte, lt,
// lte.
type Bounds map[string]string

// Is reports whether the term says that the field has this value, and nothing else.
func (t Term) Is(field, value string) bool {
	return !t.Not && t.Field == field && len(t.Values) == 1 && t.Values[0] == value
}

// Narrows reports whether the term leaves out rows that have the field, as all rows do.
func (t Term) Narrows() bool {
	return t.Not || len(t.Values)+len(t.Bounds)+len(t.Any)+len(t.All) > 0
}

// String describes the term, such as "action is A or B".
func (t Term) String() string {
	if t.Not {
		t.Not = false
		return "not (" + t.String() + ")"
	}
	switch {
	case t.Any != nil:
		return join(t.Any, " or ")
	case t.All != nil:
		return join(t.All, " and ")
	case t.Bounds != nil:
		var ends []string
		for _, op := range slices.Sorted(maps.Keys(t.Bounds)) {
			ends = append(ends, t.Field+" "+signs[op]+" "+t.Bounds[op])
		}
		return strings.Join(ends, " and ")
	case t.Values == nil:
		return t.Field + " exists"
	case t.Field == AnyField:
		return "any field is " + strings.Join(t.Values, " or ")
	}
	return t.Field + " is " + strings.Join(t.Values, " or ")
}

var signs = map[string]string{"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

func join(terms []Term, word string) string {
	texts := make([]string, len(terms))
	for i, t := range terms {
		texts[i] = t.String()
	}
	return "(" + strings.Join(texts, word) + ")"
}

// leaves returns the conditions of single fields.
func leaves(terms []Term) (all []Term) {
	for _, t := range terms {
		if t.Any == nil && t.All == nil {
			all = append(all, t)
		}
		all = append(all, leaves(t.Any)...)
		all = append(all, leaves(t.All)...)
	}
	return all
}

// check reports a bound that can't be compared with the field.
func (t Term) check() error {
	for op, bound := range t.Bounds {
		if _, err := fields[t.Field].compare(bound, op == "gt" || op == "lte"); err != nil {
			return fmt.Errorf("the filter %s: %w", t, err)
		}
	}
	return nil
}

// met reports whether a row, whose fields are those of the terms, meets the condition.
func (t Term) met(row wisdm.Row) bool {
	return t.Not != t.holds(row)
}

func (t Term) holds(row wisdm.Row) bool {
	met := func(t Term) bool { return t.met(row) }
	switch {
	case t.Any != nil:
		return slices.ContainsFunc(t.Any, met)
	case t.All != nil:
		return !slices.ContainsFunc(t.All, func(t Term) bool { return !t.met(row) })
	case t.Bounds != nil:
		return fields[t.Field].within(row, t.Bounds)
	case t.Values == nil:
		return true // each row has each field
	}
	return slices.ContainsFunc(t.Values, func(value string) bool {
		if t.Field != AnyField {
			return fields[t.Field].has(row, value)
		}
		return slices.ContainsFunc(slices.Collect(maps.Values(fields)), func(f field) bool { return f.kind != timeKind && f.has(row, value) })
	})
}

// has reports whether a row's field has a value: a number by its size, a time by the
// part of it that is given.
func (f field) has(row wisdm.Row, value string) bool {
	return f.text(row) == value || f.kind != textKind && f.within(row, Bounds{"gte": value, "lte": value})
}

func (f field) within(row wisdm.Row, bounds Bounds) bool {
	for op, bound := range bounds {
		order, err := f.compare(bound, op == "gt" || op == "lte")
		if err != nil {
			return false
		}
		n := order(row)
		if ok := map[string]bool{"gt": n > 0, "gte": n >= 0, "lt": n < 0, "lte": n <= 0}[op]; !ok {
			return false
		}
	}
	return true
}

// compare returns how a row's field stands to a bound. A time may be given in part:
// last is whether its last moment is meant, as Elasticsearch takes it for gt and lte.
// Source: Elasticsearch's guide, "Range query", missing date components.
func (f field) compare(bound string, last bool) (func(wisdm.Row) int, error) {
	switch f.kind {
	case textKind:
		return func(r wisdm.Row) int { return strings.Compare(f.text(r), bound) }, nil
	case timeKind:
		at, err := moment(bound, last)
		return func(r wisdm.Row) int { return cmp.Compare(r.Time.UnixMilli(), at) }, err
	}
	number, err := strconv.ParseFloat(bound, 64)
	if err != nil {
		err = fmt.Errorf("%q isn't a number", bound)
	}
	return func(r wisdm.Row) int { return cmp.Compare(f.number(r), number) }, err
}

// layouts are times that are given in part, and when the part ends.
var layouts = []struct {
	layout string
	next   func(time.Time) time.Time
}{
	{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
	{"2006-01-02", func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
	{"2006-01-02T15", func(t time.Time) time.Time { return t.Add(time.Hour) }},
	{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
	{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
}

// moment reads a time as the format of an index's dates does by default:
// strict_date_optional_time||epoch_millis.
func moment(text string, last bool) (int64, error) {
	for _, l := range layouts {
		at, err := time.Parse(l.layout, strings.TrimSuffix(text, "Z"))
		if err == nil && last && !strings.Contains(text, ".") {
			at = l.next(at).Add(-time.Millisecond)
		}
		if err == nil {
			return at.UnixMilli(), nil
		}
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UnixMilli(), nil
	}
	if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
		return ms, nil
	}
	return 0, fmt.Errorf("%q isn't a time such as 2023-11-14T22:13:20.000Z", text)
}
