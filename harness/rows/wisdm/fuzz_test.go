package wisdm

import (
	"strings"
	"testing"
)

// FuzzReader: the reader never panics, reports each line once, and a row that
// it accepts comes through both formats unchanged.
func FuzzReader(f *testing.F) {
	f.Add(goodLine + "\r\n\n1600,B,1,0,-0.0,1.496376E-4;\n1600,A,1")
	f.Add("1600,A,1,NaN,0x1,1_0;\n;\n,,,,,;\n\xff\xfe;\n1600,A,9223372036854775807,1e308,+.5,5.;")
	f.Fuzz(func(t *testing.T, text string) {
		rows, bad, err := readSkipping(t, text)
		if err != nil {
			t.Fatal(err)
		}
		if lines := countLines(text); len(rows)+len(bad) != lines {
			t.Errorf("%d rows and %d malformed of %d lines", len(rows), len(bad), lines)
		}
		for _, e := range bad {
			if e.Line < 1 || e.Column < 1 || e.Reason == "" || len(e.Text) > maxText+len("…") {
				t.Errorf("%#v", e)
			}
		}
		for _, row := range rows {
			checkRoundTrips(t, row)
		}
	})
}

// countLines counts the lines that aren't blank.
func countLines(text string) (n int) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.TrimSpace(line) != "" || len(line) > maxLine {
			n++
		}
	}
	return n
}

func checkRoundTrips(t *testing.T, row Row) {
	t.Helper()
	again, err := readAll(t, string(AppendRaw(nil, row)), Options{})
	if err != nil || len(again) != 1 || again[0] != row {
		t.Errorf("%+v was written and read as %+v, %v", row, again, err)
	}
	NewTimeline(DefaultBase).Place(&row)
	if got, err := ParseMessage(AppendMessage(nil, row)); err != nil || got != row {
		t.Errorf("%+v became the message of %+v, %v", row, got, err)
	}
}
