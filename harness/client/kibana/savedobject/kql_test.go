package savedobject

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"hoplab.example/harness/client/panel"
)

func TestKQL(t *testing.T) {
	is := func(field string, values ...string) panel.Term { return panel.Term{Field: field, Values: values} }
	bound := func(field, op, value string) panel.Term {
		return panel.Term{Field: field, Bounds: panel.Bounds{op: value}}
	}
	not := func(t panel.Term) panel.Term { t.Not = true; return t }
	cases := []struct {
		text string
		want []panel.Term
	}{
		{"  ", nil}, {"*", nil},
		{`action : "A"`, []panel.Term{is("action", "A")}}, {`action:A`, []panel.Term{is("action", "A")}},
		{`"action" : A`, []panel.Term{is("action", "A")}},
		{`action : ("A" or "B" OR C)`, []panel.Term{is("action", "A", "B", "C")}},
		{`action : A or action : B`, []panel.Term{is("action", "A", "B")}},
		{`a:1 and b : "x \"y\" : ("`, []panel.Term{is("a", "1"), is("b", `x "y" : (`)}},
		{`action : ""`, []panel.Term{is("action", "")}},
		{`action : *`, []panel.Term{{Field: "action"}}},
		{`x > 1 and x<=2.5`, []panel.Term{bound("x", "gt", "1"), bound("x", "lte", "2.5")}},
		{`@timestamp >= "2023-11-14T22:13:20.000Z"`, []panel.Term{bound("@timestamp", "gte", "2023-11-14T22:13:20.000Z")}},
		{`not sensor : gyro`, []panel.Term{not(is("sensor", "gyro"))}},
		{`NOT (a : 1 or b : 2) and c:3`, []panel.Term{{Any: []panel.Term{is("a", "1"), is("b", "2")}, Not: true}, is("c", "3")}},
		{`not (not a : 1)`, []panel.Term{is("a", "1")}},
		{`a : 1 or b : 2 and c : 3`, []panel.Term{{Any: []panel.Term{is("a", "1"), {All: []panel.Term{is("b", "2"), is("c", "3")}}}}}},
		{`action : (not A)`, []panel.Term{not(is("action", "A"))}},
		{`action : (A and not B)`, []panel.Term{is("action", "A"), not(is("action", "B"))}},
		{`1600`, []panel.Term{is("*", "1600")}}, {`"A" and not B`, []panel.Term{is("*", "A"), not(is("*", "B"))}},
		{`a\and\:b : x\\y`, []panel.Term{is("aand:b", `x\y`)}},
		{`a : "x\ty\u0041\z"`, []panel.Term{is("a", "x\tyA"+`\z`)}},
		{"a\u00a0:\u00a0A", []panel.Term{is("a", "A")}},
		{`a : "null" and b : Null`, []panel.Term{is("a", "null"), is("b", "Null")}},
		{`action : A B`, []panel.Term{is("action", "A B")}}, {`action:A and`, []panel.Term{is("action", "A and")}},
		{`action : A or sensor : B`, []panel.Term{{Any: []panel.Term{is("action", "A"), is("sensor", "B")}}}},
		{`not:A`, []panel.Term{is("not", "A")}}, {`action : not`, []panel.Term{is("action", "not")}},
		{`(action : A)`, []panel.Term{is("action", "A")}}, {`action : ((A))`, []panel.Term{is("action", "A")}},
		{`action : (A and B)`, []panel.Term{is("action", "A"), is("action", "B")}},
		{`action : (A or)`, []panel.Term{is("action", "A or")}}, {`action : (or A)`, []panel.Term{is("action", "or A")}},
		{`A`, []panel.Term{is("*", "A")}}, {`"A"`, []panel.Term{is("*", "A")}},
	}
	for _, c := range cases {
		if got, err := parseKQL(c.text); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.text, got, err, c.want)
		}
	}
}

func TestKQLFails(t *testing.T) {
	for text, want := range map[string]string{
		`action:(A or B)and sensor:x`: `column 16: want and, or, or the end, there is "and"`,
		`A,B :}not`:                   "column 6: want a value",

		`a : null`:      `column 5: want a value, there is "null"`,
		`null : 1600`:   `column 1: want a field`,
		`x : A*`:        `"A*" has a *, which is only understood alone; list the values`,
		`* : A`:         "name each field",
		`x > *`:         `want a value without *, there is "*"`,
		`a : { b : 1 }`: "nested fields aren't understood",
		`x : (1`:        "want and, or, or ), there is its end",
		`x : "1`:        `want a value with " at its end`,
		`x :`:           "want a value, there is its end",
		`x \q : 1`:      `want a field`,
		`(a : 1`:        "want and, or, or )",
	} {
		if got, err := parseKQL(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, error %v, want %q", text, got, err, want)
		}
	}
}

// TestConditions: what is sent for each kind of condition means what Kibana's own
// means.
func TestConditions(t *testing.T) {
	for text, want := range map[string]string{
		`action : A`:        `[{"match_phrase":{"action":"A"}}]`,
		`action : *`:        `[{"exists":{"field":"action"}}]`,
		`not action : A`:    `[{"bool":{"must_not":[{"match_phrase":{"action":"A"}}]}}]`,
		`x >= 1`:            `[{"range":{"x":{"gte":"1"}}}]`,
		`a : 1 or b : 2`:    `[{"bool":{"minimum_should_match":1,"should":[{"match_phrase":{"a":"1"}},{"match_phrase":{"b":"2"}}]}}]`,
		`not (a:1 and b:2)`: `[{"bool":{"must_not":[{"bool":{"filter":[{"match_phrase":{"a":"1"}},{"match_phrase":{"b":"2"}}]}}]}}]`,
		`A`:                 `[{"multi_match":{"lenient":true,"query":"A","type":"best_fields"}}]`,
	} {
		terms, err := parseKQL(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(filters(panel.Panel{Filter: terms}))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
}
