package ui

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vbauerster/mpb/v8"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 15630426: "15,630,426"} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"using the run that is up", 0, "using the run that is up"},
		{"using the run that is up", 13, "using the run\nthat is up"},
		{"  short  is kept\nlonger ones are broken", 16, "  short  is kept\nlonger ones are\nbroken"},
		{"  kafka   ready  client 1  peer 2", 26, "  kafka   ready  client 1\n  peer 2"},
		{"averylongword", 5, "averylongword"},
		{"in /a/folder/of/mine now", 9, "in\n/a/folder/of/mine\nnow"},
		{"         ", 5, "         "},
		{"          a b", 5, "          a\n          b"},
		{"añoñoño año año", 11, "añoñoño año\naño"},
	} {
		if got := Wrap(c.text, c.width); got != c.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestPlainBoard(t *testing.T) {
	var out bytes.Buffer
	b := New(&out).Board()
	b.Set("kafka", 0, 100, "downloading")
	b.Set("kafka", 10, 100, "downloading") // no quarter yet
	b.Set("kafka", 55, 100, "downloading")
	b.Set("kafka", 0, 0, "starting")
	b.End("kafka", "ready in 2.4s")
	b.Set("kafka", 0, 0, "late news")
	b.Close()
	want := "kafka              downloading (0 %)\n" +
		"kafka              downloading (55 %)\n" +
		"kafka              starting\n" +
		"kafka              ready in 2.4s\n"
	if out.String() != want {
		t.Errorf("board:\n%swant:\n%s", &out, want)
	}
}

func TestNoColourOutsideATerminal(t *testing.T) {
	if got := New(&bytes.Buffer{}).Outcome("failed"); got != "failed" {
		t.Errorf("Outcome = %q", got)
	}
}

func TestColourOnATerminal(t *testing.T) {
	u := &UI{colour: true}
	if got := u.Outcome("failed"); got != "\x1b[31mfailed\x1b[0m" {
		t.Errorf("Outcome = %q", got)
	}
}

func TestPlainLinesAreFew(t *testing.T) {
	var out bytes.Buffer
	b := New(&out).Board()
	for n := range int64(1000) {
		b.Set("kafka", n, 1000, "rows "+Count(n))
		b.Set("bridge", 0, 0, "carried "+Count(n))
	}
	b.Close()
	if lines := bytes.Count(out.Bytes(), []byte("\n")); lines != 5 {
		t.Errorf("%d lines for 2000 changes, want one at each quarter and one without a total:\n%s", lines, &out)
	}
}

// TestNamesThatAreEscapeSequences: neither a line nor a note clears the screen.
func TestNamesThatAreEscapeSequences(t *testing.T) {
	var out strings.Builder
	u := New(&out)
	u.Say("%s has no files", "eve\x1b[2J")
	b := u.Board()
	b.Note("eve\x1b[2J")
	b.End("eve\x1b[2J", "failed")
	b.Close()
	if strings.Contains(out.String(), "\x1b") || !strings.HasPrefix(out.String(), "eve␛[2J has no files\n") {
		t.Errorf("got %q", out.String())
	}
}

// TestFullBar: what is done has a full bar, even where nothing was counted; what failed
// hasn't.
func TestFullBar(t *testing.T) {
	for name, end := range map[string]func(*Board){
		"==]": func(b *Board) { b.End("kafka", "ready") },
		"--]": func(b *Board) { b.Fail("kafka", "failed") },
	} {
		var out bytes.Buffer
		b := &Board{lines: map[string]*line{}, bars: mpb.New(mpb.WithOutput(&out), mpb.WithWidth(40), mpb.WithAutoRefresh())}
		b.Set("kafka", 0, 0, "starting")
		b.Set("kafka", 10, 3000, "10 rows")
		end(b)
		b.Close()
		if !strings.Contains(out.String(), name) {
			t.Errorf("the bar isn't %s:\n%q", name, &out)
		}
	}
}
