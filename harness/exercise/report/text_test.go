package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCut(t *testing.T) {
	cases := []struct {
		text  string
		limit int
		want  string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc… (1 bytes more)"},
		{"añb", 2, "a… (3 bytes more)"}, {"añb", 3, "añ… (1 bytes more)"}, {"a😀", 4, "a… (4 bytes more)"},
	}
	for _, c := range cases {
		if got := cut(c.text, c.limit); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.text, c.limit, got, c.want)
		}
	}
	if got := len(clip(strings.Repeat("\x80", 100), 50)); got < 40 || got > 50 {
		t.Errorf("%d bytes are left of what is no UTF-8", got)
	}
}

func TestShown(t *testing.T) {
	cases := []struct{ text, want string }{
		{"Zuriñe 数 😀", "Zuriñe 数 😀"}, {"a\tb\nc", "a\tb\nc"}, {"a\r\nb\rc", "a\nb␍c"},
		{"\x1b[31mred", "␛[31mred"}, {"\x00\x7f\a", "␀␡␇"}, {"a\u009b2J", "a\ufffd2J"},
		{"a\u202eb\u2066c", "a\ufffdb\ufffdc"}, {"a\u2028b", "a\nb"}, {"\xff\xfe", "\ufffd\ufffd"}, {"\ufffe\uffff", "\ufffd\ufffd"},
	}
	for _, c := range cases {
		got := shown(c.text, pageText)
		if got != c.want || !utf8.ValidString(got) {
			t.Errorf("shown(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestCell(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		" a \n\tb\u00a0c ":       "a b c",
		strings.Repeat("a", 201): strings.Repeat("a", 200) + "…",
	} {
		if got := cell(text); got != want {
			t.Errorf("cell(%q) = %q, want %q", text, got, want)
		}
	}
}
