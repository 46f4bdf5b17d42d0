package report

import (
	"strings"
	"testing"
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
}

func TestShown(t *testing.T) {
	if got := shown("\x1b[31mred\r\n"+strings.Repeat("x", pageText), pageText); !strings.HasPrefix(got, "␛[31mred\nxxx") || !strings.HasSuffix(got, "xxx… (10 bytes more)") {
		t.Errorf("got %.20q … %q", got, got[len(got)-30:])
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
