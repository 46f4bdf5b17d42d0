package notebook

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// page makes a page of lines, in which ”' stands for a fence.
func page(lines ...string) string {
	return strings.ReplaceAll(strings.Join(lines, "\n")+"\n", "'''", "```")
}

func mustParse(t *testing.T, text string) *Page {
	t.Helper()
	p, err := Parse("README.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParse(t *testing.T) {
	p := mustParse(t, page(
		"# Lab", "", "'''mermaid", "graph", "'''", "",
		"'''sql id=create file=a/tables.sql timeout=90s", "CREATE TABLE t;", "", "SELECT 1", "'''", "", "",
		"'''text output", "done", "'''", "Prose.",
		"~~~~sh fails", "false", "~~~", "~~~~", "'''output", "'''",
		"'''json norun", "{}", "'''",
		"- a list", "", "  '''sh norun", "  shown", "  '''",
		"", "<!--", "'''sh", "hidden", "'''", "-->", "", "    '''sql", "",
		"'''http", "GET http://${elasticsearch}/_count", "'''",
		"'''json output", "{ }", "'''"))
	want := []Cell{
		{Line: 7, Kind: SQL, ID: "create", File: "a/tables.sql", Limit: 90 * time.Second, Code: "CREATE TABLE t;\n\nSELECT 1\n", Output: &Output{Line: 14, Text: "done\n"}},
		{Line: 18, Kind: Sh, Fails: true, Code: "false\n~~~\n", Output: &Output{Line: 22}},
		{Line: 24, Kind: JSON, NoRun: true, Code: "{}\n"},
		{Line: 29, Kind: Sh, NoRun: true},
		{Line: 41, Kind: HTTP, Code: "GET http://${elasticsearch}/_count\n", Output: &Output{Line: 44, Text: "{ }\n"}},
	}
	if len(p.Cells) != len(want) {
		t.Fatalf("got %d cells, want %d: %+v", len(p.Cells), len(want), p.Cells)
	}
	for i, got := range p.Cells {
		if g, w := essence(got), essence(want[i]); g != w {
			t.Errorf("cell %d\ngot  %s\nwant %s", i, g, w)
		}
	}
}

// essence is the part of a cell that tests compare.
func essence(c Cell) string {
	text := fmt.Sprintf("%d %s %q %q %v %v %s %q", c.Line, c.Kind, c.ID, c.File, c.NoRun, c.Fails, c.Limit, c.Code)
	if c.Output != nil {
		text += fmt.Sprintf(" -> %d %q", c.Output.Line, c.Output.Text)
	}
	return text
}

func TestParseCRLF(t *testing.T) {
	text := strings.ReplaceAll(page("'''sh", "echo", "'''", "'''output", "a", "'''"), "\n", "\r\n")
	p := mustParse(t, text)
	if len(p.Cells) != 1 || p.Cells[0].Code != "echo\n" || p.Cells[0].Output == nil || p.Cells[0].Output.Text != "a\n" {
		t.Errorf("got %+v", p.Cells)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{page("x", "'''sql colour=red", "'''"), `README.md:2: unknown attribute "colour": a cell can have id=NAME`},
		{page("'''sql norun=yes", "'''"), `README.md:1: unknown attribute "norun"`},
		{page("'''sql id", "'''"), `README.md:1: unknown attribute "id"`},
		{page("'''sql id=A", "'''"), "README.md:1: id=A: an id begins with a-z"},
		{page("'''sql id=a id=b", "'''"), "README.md:1: the attribute id is given twice"},
		{page("'''sql id=a", "'''", "", "'''sh id=a", "'''"), "README.md:4: the cell at line 1 has the id a too"},
		{page("'''sql file=../x.sql", "'''"), "README.md:1: file=../x.sql isn't a file of the lab's solution"},
		{page("'''sql file=/etc/passwd", "'''"), "README.md:1: file=/etc/passwd isn't a file"},
		{page("'''sql file=a/../../b", "'''"), "README.md:1: file=a/../../b isn't a file"},
		{page("'''sql file=C:\\x", "'''"), "README.md:1: file=C:\\x isn't a file"},
		{page("'''sql timeout=-3s", "'''"), "README.md:1: timeout=-3s: write a duration"},
		{page("'''sql norun fails", "'''"), "README.md:1: a cell with norun can't have fails"},
		{page("'''SQL", "'''"), "README.md:1: write sql for SQL"},
		{page("'''bash id=x", "'''"), "README.md:1: bash isn't a kind of cell, but id=x is an attribute"},
		{page("'''console fails", "'''"), "README.md:1: console isn't a kind of cell"},
		{page("", "'''output", "'''"), "README.md:2: this output belongs to no cell"},
		{page("'''sh", "'''", "Prose.", "'''output", "'''"), "README.md:4: this output belongs to no cell"},
		{page("'''sh", "'''", "'''output", "'''", "'''output", "'''"), "README.md:5: this output belongs to no cell"},
		{page("'''sh norun", "'''", "'''output", "'''"), "README.md:3: this output can't be checked: the cell at line 1"},
		{page("'''sh", "'''", "'''text output id=a", "'''"), `README.md:3: unknown attribute "id=a": an output has none`},
		{page("", "'''sh", "echo"), "README.md:2: the fence that opens here is never closed: end the block with a line ```"},
		{page("'''", "x"), "README.md:1: the fence that opens here is never closed"},
		{"~~~~", "README.md:1: the fence that opens here is never closed: end the block with a line ~~~~"},
		{page("- '''sql", "  SELECT 1", "  '''"), "README.md:1: a cell must be at the start of a line"},
		{page("> '''sql", "> '''"), "README.md:1: a cell must be at the start of a line"},
		{page(" '''sql", " '''"), "README.md:1: a cell must be at the start of a line"},
		{page("- '''sql norun file=a", "  '''"), "README.md:1: a cell must be at the start of a line"},
		{page("'''sh", "'''", " '''output", " '''"), "README.md:3: an output must be at the start of a line"},
		{page("'''http", "http://x", "'''"), `README.md:2:1: an http cell must begin with a line such as GET`},
		{page("'''http", "GET http://x", "no header", "'''"), `README.md:3:1: the lines up to the first blank one`},
		{"ok\n\xff", "README.md:2: a byte here isn't UTF-8"},
		{"\ufeff# x", "README.md:1: the page begins with a byte order mark"},
		{strings.Repeat("x", maxPage+1), "README.md:1: the page has 1048577 bytes"},
	} {
		_, err := Parse("README.md", []byte(test.text))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.60q\ngot  %v\nwant one error %s…", test.text, err, test.want)
		}
	}
}

func TestParseReportsAllErrors(t *testing.T) {
	_, err := Parse("a.md", []byte(page("'''sql x", "'''", "'''output", "'''", "", "'''sh y", "'''")))
	want := "a.md:1: unknown attribute \"x\"|a.md:6: unknown attribute \"y\""
	var got []string
	for line := range strings.SplitSeq(fmt.Sprint(err), "\n") {
		place, _, _ := strings.Cut(line, ": a cell can have")
		got = append(got, place)
	}
	if joined := strings.Join(got, "|"); joined != want {
		t.Errorf("got  %s\nwant %s", joined, want)
	}
}

func TestFill(t *testing.T) {
	params := map[string]string{"a": "1", "long.name": "host:9200"}
	p := mustParse(t, page("'''json", `{"é": "${a}${long.name}", $a ${} "${9}": x`, "}", "'''"))
	got, err := p.Cells[0].fill(params)
	if want := "{\"é\": \"1host:9200\", $a ${} \"${9}\": x\n}\n"; err != nil || got.Code != want {
		t.Errorf("got %q, %v; want %q", got.Code, err, want)
	}
	for _, sign := range []string{"é", "$a", "x", "}\n"} {
		line, column := got.pagePosition(strings.LastIndex(got.Code, sign))
		wantLine, wantColumn := position(p.Cells[0].Code, strings.LastIndex(p.Cells[0].Code, sign))
		if line != wantLine || column != wantColumn {
			t.Errorf("%s is at %d:%d, want %d:%d", sign, line, column, wantLine, wantColumn)
		}
	}
}

func TestFillErrors(t *testing.T) {
	params := map[string]string{"quote": `a"b`, "line": "a\nb", "ok": "v"}
	for _, test := range []struct{ kind, code, want string }{
		{"json", "\n \"${nope}\"", "README.md:3:3: the parameter ${nope} has no value; the known ones are line, ok, quote"},
		{"json", "${quote}", `README.md:2:1: the parameter ${quote} is "a\"b"; a value can't have '"'`},
		{"http", "GET http://${line}/", `README.md:2:12: the parameter ${line} is "a\nb"; a value can't have '\n'`},
		{"sh", "echo ${ok} ${HOME} ${nope}", "README.md:2:20: the parameter ${nope} has no value"},
		{"sh", "nopes=1; echo ${nope} $nope", "README.md:2:15: the parameter ${nope} has no value"},
		{"sh", "n=1; echo ${n} ${n:-2}; while read -r m; do echo ${m}; done", ""},
		{"sql", "SELECT ${nope}", ""},
	} {
		p := mustParse(t, page("'''"+test.kind, test.code, "'''"))
		_, err := p.Cells[0].fill(params)
		if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.HasPrefix(got, test.want) {
			t.Errorf("%s\ngot  %v\nwant %s", test.code, err, test.want)
		}
	}
}
