package compat

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/util/golden"
	"hoplab.example/harness/verify/probe"
)

// sample is a matrix of two versions.
func sample() Matrix {
	return Matrix{Rows: 5, Versions: []Version{
		{"7.6.0", []Cell{
			{Column: Flink, Works: true, Documents: 5},
			{Column: GoExporter, Documents: 3, Words: "no `header`"},
			{Column: GoClient, Words: "no `header`"},
			{Column: Grafana, Words: "too old", Note: "said so"},
		}},
		{"8.19.21", []Cell{
			{Column: Flink, Words: "405", Note: "an artefact"},
			{Column: GoClient, Works: true, Documents: 5, Note: "no GET /"},
			{Column: Grafana, Works: true},
		}},
	}}
}

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	sample().Print(&out, func(word string) string { return "<" + word + ">" })
	golden.Check(t, "testdata/table.golden", out.String())
}

func TestMarkdown(t *testing.T) { golden.Check(t, "testdata/markdown.golden", sample().Markdown()) }

// TestMarkdownIsTheSameAtEachRun: what fails may have written more or less.
func TestMarkdownIsTheSameAtEachRun(t *testing.T) {
	other := sample()
	other.Span = 7
	other.Versions[0].Cells[1].Documents = 2
	if other.Markdown() != sample().Markdown() {
		t.Errorf("it differs:\n%s", other.Markdown())
	}
	other.Versions[0].Cells[0].Works = false
	if other.Markdown() == sample().Markdown() {
		t.Error("another outcome isn't seen")
	}
}

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	const before, after = "# Title\n\n", "\n\n## Next\n"
	if err := os.WriteFile(path, []byte(before+Place.Begin+"\nold\n"+Place.End+after), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := Place.Write(path, sample().Markdown()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if want := before + Place.Begin + "\n\n" + sample().Markdown() + "\n" + Place.End + after; err != nil || string(text) != want {
			t.Errorf("%v, file =\n%s\nwant\n%s", err, text, want)
		}
	}
	if written, err := Place.Read(path); err != nil || written != sample().Markdown() {
		t.Errorf("written = %q, %v", written, err)
	}
}

func TestUpdateOfAFileWithoutAPlace(t *testing.T) {
	for _, text := range []string{"", Place.Begin, Place.End + "\n" + Place.Begin} {
		path := filepath.Join(t.TempDir(), "README.md")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := Place.Write(path, sample().Markdown()); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), Place.End) {
			t.Errorf("%q: error = %v", text, err)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("%q has become %q", text, now)
		}
	}
	if err := Place.Write(filepath.Join(t.TempDir(), "absent"), sample().Markdown()); err == nil {
		t.Error("a file that isn't there must be an error")
	}
}

func TestShort(t *testing.T) {
	cases := map[string]string{
		"host=http://127.0.0.1:43211, response":                "host=http://HOST:PORT, response",
		"index compat_t_testmatrix_ada350_8_6_2_flink is gone": "index INDEX is gone",
		"job 0123456789abcdef0123456789abcdef of\n  it":        "job ID of it",
		"Unable to parse (NullPointerException)":               "Unable to parse",
		strings.Repeat("ñ", 300):                               strings.Repeat("ñ", wordsWidth) + "…",
	}
	for words, want := range cases {
		if got := short(words); got != want {
			t.Errorf("short(%q) = %q, want %q", words, got, want)
		}
	}
}

func TestSame(t *testing.T) {
	docs := func(texts ...string) (list []probe.Document) {
		for i, text := range texts {
			list = append(list, probe.Document{ID: string(rune('a' + i)), Source: []byte(text)})
		}
		return list
	}
	reference := docs(`{"x":1.0E-4,"action":"A"}`, `{"x":2}`)
	cases := []struct {
		got  []probe.Document
		want string
	}{
		{docs(`{"action":"A","x":0.0001}`, `{"x":2.0}`), ""},
		{docs(`{"action":"A","x":0.0002}`, `{"x":2}`), "document a"},
		{docs(`{"action":"A","x":0.0001,"more":1}`, `{"x":2}`), "document a"},
		{docs(`{"action":"A","x":0.0001}`), "document b"},
		{docs(`{"action":"A","x":0.0001}`, `{"x":2}`, `{}`), "3 documents, and 2"},
		{docs(`{`), "document a"},
	}
	for _, c := range cases {
		if err := same(reference, c.got); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.got, err, c.want)
		}
	}
}
