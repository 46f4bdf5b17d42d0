package printable

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	cases := []struct{ text, want string }{
		{"Zuriñe 数 😀", "Zuriñe 数 😀"}, {"a\tb\nc", "a\tb\nc"}, {"a\r\nb\rc", "a\nb␍c"},
		{"\x1b[31mred", "␛[31mred"}, {"\x00\x7f\a", "␀␡␇"}, {"a\u009b2J", "a\ufffd2J"},
		{"a\u202eb\u2066c", "a\ufffdb\ufffdc"}, {"a\u2028b", "a\nb"}, {"\xff\xfe", "\ufffd\ufffd"}, {"\ufffe\uffff", "\ufffd\ufffd"},
	}
	for _, c := range cases {
		got := Text(c.text)
		if got != c.want || !utf8.ValidString(got) {
			t.Errorf("Text(%q) = %q, want %q", c.text, got, c.want)
		}
		if Text(got) != got {
			t.Errorf("Text changes %q, which it returned", got)
		}
	}
}

func TestLine(t *testing.T) {
	if got := Line("a\r\n\tb\u2028c\x1b"); got != "a  b c␛" {
		t.Errorf("got %q", got)
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"añb", 2, "a"}, {"añb", 3, "añ"}, {"a😀", 4, "a"}, {"😀", 0, ""},
	} {
		if got := Clip(c.text, c.limit); got != c.want {
			t.Errorf("Clip(%q, %d) = %q, want %q", c.text, c.limit, got, c.want)
		}
	}
	if got := len(Clip(strings.Repeat("\x80", 100), 50)); got < 40 || got > 50 {
		t.Errorf("%d bytes are left of text that isn't UTF-8", got)
	}
}
