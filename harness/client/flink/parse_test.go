package flink

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string // text@line:column
	}{
		{"empty", " \n\t", nil},
		{"only semicolons and comments", ";; -- a\n/* b; */ ;\n// c;", nil},
		{"two", "SELECT 1;\nSELECT 2;", []string{"SELECT 1@1:1", "SELECT 2@2:1"}},
		{"no semicolon at the end", "SELECT 1; SELECT 2", []string{"SELECT 1@1:1", "SELECT 2@1:11"}},
		{"leading comments", "-- a;\n/* b; */\n  SELECT 1;", []string{"SELECT 1@3:3"}},
		{"trailing comments", "SELECT 1 -- a\n/* b */; -- c", []string{"SELECT 1@1:1"}},
		{"comments inside", "SELECT -- a;\n 1 /* ; */ , 2;", []string{"SELECT -- a;\n 1 /* ; */ , 2@1:1"}},
		{"slashes begin a comment", "SELECT 1 // ;\n + 2;", []string{"SELECT 1 // ;\n + 2@1:1"}},
		{"a hint is kept", "SELECT * FROM t /*+ OPTIONS('a'=';') */;", []string{"SELECT * FROM t /*+ OPTIONS('a'=';') */@1:1"}},
		{"comments in a hint", "SELECT * FROM t /*+ O('a'='b' /* ; */ -- ;\n) */;", []string{"SELECT * FROM t /*+ O('a'='b' /* ; */ -- ;\n) */@1:1"}},
		{"quotes", "SELECT 'a;''b', `c;``d`, 'it''s -- no comment';", []string{"SELECT 'a;''b', `c;``d`, 'it''s -- no comment'@1:1"}},
		{"text of two lines", "SELECT 'a\n;b'; SELECT 2", []string{"SELECT 'a\n;b'@1:1", "SELECT 2@2:6"}},
		{"double quotes don't quote", `SELECT "a;b"`, []string{`SELECT "a@1:1`, `b"@1:11`}},
		{"lines with \\r", "SELECT\r\n 1;\r\nSELECT 2", []string{"SELECT\r\n 1@1:1", "SELECT 2@3:1"}},
		{"a byte order mark", "\ufeffSELECT 1", []string{"SELECT 1@1:1"}},
		{"columns are characters", "SELECT 'ñ😀'; SELECT 2", []string{"SELECT 'ñ😀'@1:1", "SELECT 2@1:14"}},
		{"statement set", "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; INSERT INTO b SELECT 2; END; SELECT 1",
			[]string{"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; INSERT INTO b SELECT 2; END@1:1", "SELECT 1@1:110"}},
		{"statement set with comments", "explain statement /* a */ set -- b\nbegin\ninsert into a select 1; -- c\nend",
			[]string{"explain statement /* a */ set -- b\nbegin\ninsert into a select 1; -- c\nend@1:1"}},
		{"statement set, many comments", "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;" + strings.Repeat("-- c\n", 20) + "END; SELECT 1",
			[]string{"EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1;" + strings.Repeat("-- c\n", 20) + "END@1:1", "SELECT 1@21:6"}},
		{"the gateway keeps this set", "BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;", []string{"BEGIN STATEMENT SET@1:1", "INSERT INTO a SELECT 1@1:22", "END@1:46"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			statements, err := Parse("a.sql", test.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range statements {
				line, column := s.position(1, 1)
				got = append(got, s.Text+"@"+at(line, column))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"SELECT 1;\n  SELECT 'abc;\n", "a.sql:2:10: the text that begins here has no closing '"},
		{"SELECT 'a''", "a.sql:1:8: the text that begins here has no closing '"},
		{"SELECT `a;\nSELECT `b`;", "a.sql:1:8: the name that begins here has no closing ` on the same line"},
		{"SELECT `a", "a.sql:1:8: the name that begins here has no closing `"},
		{"SELECT 1;\n/* a\nb", "a.sql:2:1: the comment that begins here has no closing */"},
		{"SELECT /*+ a;", "a.sql:1:8: the hint that begins here has no closing */"},
		{"EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT 1;", "a.sql:1:9: the STATEMENT SET that begins here has no END"},
		{"SELECT '\xff'", "a.sql:1:9: this byte isn't UTF-8; save the file as UTF-8"},
		{"SELECT 1;\nSELECT ${nope}", "a.sql:2:8: the parameter ${nope} has no value; the known ones are index, topic"},
		{"SELECT 'a ${nope}'", "a.sql:1:11: the parameter ${nope} has no value; the known ones are index, topic"},
	} {
		_, err := Parse("a.sql", test.text, map[string]string{"topic": "t", "index": "i"})
		var sql *SQLError
		if !errors.As(err, &sql) || err.Error() != test.want {
			t.Errorf("Parse(%q)\ngot  %v\nwant %v", test.text, err, test.want)
		}
	}
}

// FuzzParse: nothing panics, and the statements, joined again, have all the
// tokens of the text and split in the same way.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"SELECT 1; SELECT 2", "-- a\nSELECT 'b;''c' /*+ d */;", "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END;",
		"`a``b`;'c\nd'", "/* ; */ SELECT // a\n1", "BEGIN STATEMENT SET; END", "${a} '${a}' `${a}` -- ${a}", "$$ ${ ${} ${a b}", "ñ\r\n\xff",
	} {
		f.Add(seed)
	}
	params := map[string]string{"a": "${a}"} // a value that changes nothing
	f.Fuzz(func(t *testing.T, text string) {
		statements, err := Parse("a.sql", text, params)
		if err != nil {
			if sql, ok := err.(*SQLError); !ok || sql.Line < 1 || sql.Column < 1 {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		var parts []string
		for _, s := range statements {
			parts = append(parts, s.Text+"\n")
		}
		joined := strings.Join(parts, ";")
		if got, want := code(t, joined), code(t, strings.TrimPrefix(text, "\ufeff")); !slices.Equal(got, want) {
			t.Fatalf("tokens of %q: got %q, want %q", text, got, want)
		}
		again, err := Parse("a.sql", joined, params)
		if err != nil || len(again) != len(statements) {
			t.Fatalf("%q gives %d statements, its statements give %d: %v", text, len(statements), len(again), err)
		}
	})
}

// code lists the tokens without comments and semicolons.
func code(t *testing.T, text string) []string {
	tokens, failed := lex(text)
	if failed != nil {
		t.Fatalf("lex %q: %s", text, failed.reason)
	}
	var list []string
	for _, tok := range tokens {
		if tok.kind != comment && tok.kind != semicolon {
			list = append(list, text[tok.start:tok.end])
		}
	}
	return list
}
