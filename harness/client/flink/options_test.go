package flink

import (
	"errors"
	"strings"
	"testing"
)

func parsed(t *testing.T, text string, params map[string]string) Statement {
	t.Helper()
	statements, err := Parse("a.sql", text, params)
	if err != nil || len(statements) != 1 {
		t.Fatalf("Parse(%q): %d statements, %v", text, len(statements), err)
	}
	return statements[0]
}

func TestWithOptions(t *testing.T) {
	add := []Option{{Name: "user", Value: "o'neil"}, {Name: "topic", Value: "never"}}
	for _, test := range []struct{ name, text, want string }{
		{"a table", "CREATE TABLE a (x INT) WITH ('connector' = 'kafka', 'topic'='b')", "CREATE TABLE a (x INT) WITH ('connector' = 'kafka', 'topic'='b', 'user' = 'o''neil')"},
		{"another connector", "CREATE TABLE a (x INT) WITH ('connector' = 'print')", ""},
		{"no table", "SELECT 'connector' = 'kafka'", ""},
		{"no connector", "CREATE VIEW a AS WITH b AS (SELECT 1) SELECT * FROM b", ""},
		{"a comment at the end", "CREATE TABLE a WITH ('connector'='kafka','topic'='b' -- )\n)", "CREATE TABLE a WITH ('connector'='kafka','topic'='b' -- )\n, 'user' = 'o''neil')"},
		{"a bracket in quotes", "create temporary table a with ('topic'=')','connector'='kafka')", "create temporary table a with ('topic'=')','connector'='kafka', 'user' = 'o''neil')"},
		{"quotes in a comment", "CREATE TABLE a /* WITH ('connector'='print') */ WITH ('connector'='kafka','topic'='')", "CREATE TABLE a /* WITH ('connector'='print') */ WITH ('connector'='kafka','topic'='', 'user' = 'o''neil')"},
		{"with a query", "CREATE TABLE a WITH ('connector'='kafka','topic'='b') AS SELECT (1)", "CREATE TABLE a WITH ('connector'='kafka','topic'='b', 'user' = 'o''neil') AS SELECT (1)"},
	} {
		want := test.want
		if want == "" {
			want = test.text
		}
		if got := parsed(t, test.text, nil).WithOptions("kafka", add...).Text; got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, want)
		}
	}
}

// TestOptionsKeepPlaces asks where a column of the changed text is in the file.
func TestOptionsKeepPlaces(t *testing.T) {
	text := "CREATE TABLE a (x INT)\n WITH ('connector'='kafka', 'topic'='${t}') AS SELECT ${t}, here"
	s := parsed(t, "  "+text, map[string]string{"t": "a-longer-one"}).WithOptions("kafka", Option{Name: "user", Value: "ann"}, Option{Name: "more", Value: "x"})
	lines := strings.Split(s.Text, "\n")
	column := 1 + strings.Index(lines[1], "here")
	want := 1 + strings.Index(strings.Split(text, "\n")[1], "here")
	if line, got := s.position(2, column); line != 2 || got != want {
		t.Errorf("%q is at 2:%d, want 2:%d", "here", got, want)
	}
	inside := 1 + strings.Index(lines[1], "'ann'")
	bracket := 1 + strings.Index(strings.Split(text, "\n")[1], ") AS")
	if _, got := s.position(2, inside); got != bracket {
		t.Errorf("an added option is at 2:%d, want the bracket's 2:%d", got, bracket)
	}
	value := 4 + strings.LastIndex(lines[1], "a-longer-one") // in the middle of it
	param := 1 + strings.LastIndex(strings.Split(text, "\n")[1], "${t}")
	if _, got := s.position(2, value); got != param {
		t.Errorf("a parameter after the options is at 2:%d, want 2:%d", got, param)
	}
	if line, got := s.position(1, 8); line != 1 || got != 10 {
		t.Errorf("TABLE is at %d:%d, want 1:10", line, got)
	}
}

func TestWithHTTPS(t *testing.T) {
	s := parsed(t, "CREATE TABLE a WITH ('hosts'='http://a:1;http://b:2', 'connector'='elasticsearch-7', 'index'='http://')", nil)
	want := "CREATE TABLE a WITH ('hosts'='https://a:1;https://b:2', 'connector'='elasticsearch-7', 'index'='http://')"
	if got := s.WithHTTPS("elasticsearch-7").Text; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.WithHTTPS("kafka").Text; got != s.Text {
		t.Errorf("another connector's statement is changed: %s", got)
	}
}

func TestSecretsAreHiddenInErrors(t *testing.T) {
	const secret = `pa'ss"wd\x`
	s := parsed(t, "CREATE TABLE a WITH ('connector'='kafka')", nil).
		WithOptions("kafka", Option{Name: "p", Value: secret, Secret: secret})
	for _, said := range []string{secret, `pa''ss"wd\x`, `pa'ss\"wd\\x`, `pa''ss\"wd\\x`} {
		err := s.failure(&answerError{status: 500, texts: []string{"Table options are: 'p'='" + said + "'"}})
		var wrong *SQLError
		if !errors.As(err, &wrong) || strings.Contains(wrong.Reason+wrong.Statement, "wd") || !strings.Contains(wrong.Reason, "(hidden)") {
			t.Errorf("%s: error = %v, statement %s", said, err, wrong.Statement)
		}
	}
	if text := s.failure(errors.New("no answer")).Error(); strings.Contains(text, "wd") {
		t.Errorf("error = %s", text)
	}
}
