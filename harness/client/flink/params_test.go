package flink

import (
	"fmt"
	"strings"
	"testing"
)

func at(line, column int) string { return fmt.Sprintf("%d:%d", line, column) }

func TestParameters(t *testing.T) {
	params := map[string]string{"t": "rows", "n": "-5", "host": "h:9092", "url": "http://h:1/", "a.b-c_1": "x", "p": "a*b"}
	for _, test := range []struct{ text, want string }{
		{"SELECT * FROM `${t}` WHERE x > ${n}", "SELECT * FROM `rows` WHERE x > -5"},
		{"SELECT 'a ${host} ${url}', ${t}_1", "SELECT 'a h:9092 http://h:1/', rows_1"},
		{"SELECT ${a.b-c_1}", "SELECT x"},
		{"SELECT 1 -- ${nope}\n/* ${nope} */ , 2", "SELECT 1 -- ${nope}\n/* ${nope} */ , 2"},
		{"SELECT /*+ OPTIONS('x'='${t}') */ 1", "SELECT /*+ OPTIONS('x'='rows') */ 1"},
		{"SELECT $ 1, '$', '$t', '${}', '${t', '${a b}', '$${t}'", "SELECT $ 1, '$', '$t', '${}', '${t', '${a b}', '$rows'"},
		{"SELECT ${p}", "SELECT a*b"},
	} {
		statements, err := Parse("a.sql", test.text, params)
		if err != nil || len(statements) != 1 || statements[0].Text != test.want {
			t.Errorf("Parse(%q)\ngot  %+v, %v\nwant %q", test.text, statements, err, test.want)
		}
	}
}

func TestParametersRefused(t *testing.T) {
	for _, test := range []struct{ text, value, want string }{
		{"'${v}'", "a'b", `is "a'b"; a value can't contain "'"`},
		{"`${v}`", "a`b", "a value can't contain \"`\""},
		{"'${v}'", `a"b`, "a value can't contain"},
		{"'${v}'", "a;b", `a value can't contain ";"`},
		{"'${v}'", "a\nb", `a value can't contain "\n"`},
		{"'${v}'", "a\rb", `a value can't contain "\r"`},
		{"'${v}'", "a--b", `a value can't contain "--"`},
		{"1 ${v}", "/* x", "makes a comment (/*)"},
		{"1 ${v}", "x // y", "makes a comment (//)"},
		{"1 -${v}", "-5", "makes a comment (--)"},
		{"1 ${v}-1", "-", "makes a comment (--)"},
		{"1 ${v}${v}", "/", "makes a comment (//)"},
		{"/*+ ${v} */ 1", "*/", "makes a comment (*/)"},
	} {
		_, err := Parse("a.sql", "SELECT\n"+test.text, map[string]string{"v": test.value})
		if err == nil || !strings.HasPrefix(err.Error(), "a.sql:2:") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q with %q\ngot  %v\nwant …%s", test.text, test.value, err, test.want)
		}
	}
}

// TestPosition takes places that Flink gives, in the text that it got, to the
// file's.
func TestPosition(t *testing.T) {
	text := "SELECT 1;\n  SELECT '${long}', `${a}`, nope,\n '😀', ${long}, nope\n , nope"
	statements, err := Parse("a.sql", text, map[string]string{"long": "a-long-value", "a": "b"})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	s := statements[1]
	for i, line := range strings.Split(s.Text, "\n") {
		flink := 1 + utf16Len(line[:strings.Index(line, "nope")])
		original := lines[i+1]
		want := at(i+2, 1+len([]rune(original[:strings.Index(original, "nope")])))
		if got := at(s.position(i+1, flink)); got != want {
			t.Errorf("line %d, column %d: got %s, want %s", i+1, flink, got, want)
		}
	}
	if got := at(s.position(1, 12)); got != "2:11" {
		t.Errorf("in a value: got %s, want its parameter's 2:11", got)
	}
	if got := at(Statement{Text: "SELECT nope"}.position(1, 8)); got != "1:8" {
		t.Errorf("a statement made by hand: got %s, want 1:8", got)
	}
}

func utf16Len(s string) (n int) {
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}
