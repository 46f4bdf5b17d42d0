package panel

import (
	"strings"
	"testing"
)

// TestTerms counts the rows of the sample that meet a condition. The first is at
// 2023-11-14T22:13:20Z.
func TestTerms(t *testing.T) {
	is := func(field string, values ...string) Term { return Term{Field: field, Values: values} }
	within := func(field string, pairs ...string) Term {
		b := Bounds{}
		for i := 0; i < len(pairs); i += 2 {
			b[pairs[i]] = pairs[i+1]
		}
		return Term{Field: field, Bounds: b}
	}
	not := func(t Term) Term { t.Not = true; return t }
	for _, c := range []struct {
		term  Term
		rows  int64
		words string
	}{
		{is("action", "A"), 3, "action is A"}, {is("action", "A", "B"), 5, "action is A or B"}, {not(is("action", "A")), 2, "not (action is A)"},
		{is("x", "1.0"), 1, "x is 1.0"}, {Term{Field: "y"}, 5, "y exists"}, {not(Term{Field: "y"}), 0, "not (y exists)"},
		{within("x", "gt", "1", "lte", "5"), 2, "x > 1 and x <= 5"}, {within("x", "gte", "1", "lt", "5"), 2, "x >= 1 and x < 5"},
		{within("action", "gt", "A"), 2, "action > A"}, {is(AnyField, "1601"), 2, "any field is 1601"}, {is(AnyField, "B", "watch"), 5, "any field is B or watch"},
		{is(AnyField, "2023"), 0, "any field is 2023"}, {is("@timestamp", "2023-11-14T22:13:20"), 2, "@timestamp is 2023-11-14T22:13:20"},
		{within("@timestamp", "lte", "2023-11-14T22:13:20"), 2, ""}, {within("@timestamp", "gt", "2023-11-14T22:13"), 0, ""}, {within("@timestamp", "lt", "2023-11"), 0, ""},
		{within("@timestamp", "gte", "2023-11-14T22:13:31.000Z"), 2, ""}, {within("@timestamp", "gte", "1700000011000"), 2, ""},
		{Term{Any: []Term{is("action", "B"), within("x", "gt", "5")}}, 3, "(action is B or x > 5)"},
		{Term{All: []Term{is("action", "A"), within("x", "gt", "5")}, Not: true}, 4, "not ((action is A and x > 5))"},
	} {
		p := chart(nil, count)
		p.Filter = []Term{c.term}
		table, err := Expect(p, sample(t))
		var rows int64
		for _, point := range table {
			rows += point.Count
		}
		if err != nil || rows != c.rows || c.words != "" && c.term.String() != c.words {
			t.Errorf("%s: %d rows, %v; want %d and %q", c.term, rows, err, c.rows, c.words)
		}
	}
	for want, term := range map[string]Term{
		`the filter x > many: "many" isn't a number`: within("x", "gt", "many"),
		`"yesterday" isn't a time`:                   {Any: []Term{within("@timestamp", "lt", "yesterday")}},
		`rows have no field "w"`:                     {All: []Term{{Field: "w"}}},
	} {
		p := chart(nil, count)
		p.Filter = []Term{term}
		if _, err := Expect(p, sample(t)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
		if Idle(p, sample(t)) {
			t.Errorf("%s: left out, and so not reported", term)
		}
	}
}

// TestOrderByMetric: the first terms are those with the greatest mean.
func TestOrderByMetric(t *testing.T) {
	by := Bucket{ID: "a", By: Terms, Field: "action", Size: 1, ByMetric: "x"}
	for _, ascending := range []bool{false, true} {
		by.Ascending = ascending
		table, err := Expect(chart([]Bucket{by}, meanX), sample(t))
		if want := map[bool]string{false: "A", true: "B"}[ascending]; err != nil || len(table) != 1 || table[0].Keys[0] != want {
			t.Errorf("got %v, %v; want %s", table, err, want)
		}
	}
	body := Aggregations(chart([]Bucket{by, byTime}, meanX), func(b Bucket) Object { return Object{"order": b.TermsOrder()} })
	outer := body["a"].(Object)
	if _, found := outer["aggs"].(Object)["x"]; !found || outer["order"].(Object)["x"] != "asc" {
		t.Errorf("the terms are ordered by what isn't asked for: %v", body)
	}
}

// TestCalendar: weeks begin on Mondays, months are of different lengths. The sample is
// of a Tuesday.
func TestCalendar(t *testing.T) {
	for unit, want := range map[Calendar]string{Week: "2023-11-13T00:00:00.000Z", Month: "2023-11-01T00:00:00.000Z", Year: "2023-01-01T00:00:00.000Z"} {
		table, err := Expect(chart([]Bucket{{ID: "t", By: DateHistogram, Field: "@timestamp", Interval: 1, Calendar: unit}}, count), sample(t))
		if err != nil || len(table) != 1 || table[0].Keys[0] != want {
			t.Errorf("%s: %v, %v; want %s", unit, table, err, want)
		}
	}
}
