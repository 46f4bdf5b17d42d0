package notebook

import (
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// FuzzParse: the parser never panics and reports a place for each error, and a
// refreshed page has the same cells and the new outputs, with nothing else changed.
func FuzzParse(f *testing.F) {
	f.Add(page("# T", sh("id=a", "x"), output("[N]"), "- '''go", "> '''", "'''json output", "'''"), "5\n")
	f.Add("```sql file=a.sql\n\n~~~\n```\r\n\r\n````output\r\n...\r\n```\r\n````\r\n", "```\n````\n")
	f.Add("<details>\n\n~~~sh norun timeout=1s\n~~~~\n\n</details>\n\n\t```\n\n1. ```\n", "[..]\n...\n")
	f.Fuzz(func(t *testing.T, text, actual string) {
		p, err := Parse("p.md", []byte(text))
		if err != nil {
			checkPlaces(t, text, err)
			return
		}
		if got := string(p.apply(nil)); got != text {
			t.Fatalf("nothing was changed, but %q became %q", text, got)
		}
		actual = clean(actual)
		var report Report
		for _, c := range p.Cells {
			report.Results = append(report.Results, Result{Cell: c, Outcome: hop.Passed, Output: actual, Showable: true})
		}
		checkRefreshed(t, p, string(p.Refresh(report)), actual)
	})
}

func checkPlaces(t *testing.T, text string, err error) {
	t.Helper()
	for line := range strings.SplitSeq(err.Error(), "\n") {
		if !strings.HasPrefix(line, "p.md:") || strings.HasPrefix(line, "p.md:0") {
			t.Errorf("%q: an error without a place: %s", text, line)
		}
	}
}

// checkRefreshed compares a page with what it became.
func checkRefreshed(t *testing.T, p *Page, text, actual string) {
	t.Helper()
	again, err := Parse(p.Name, []byte(text))
	if err != nil || len(again.Cells) != len(p.Cells) {
		t.Fatalf("%q became %q: %v", p.source, text, err)
	}
	for i, old := range p.Cells {
		now := again.Cells[i]
		if old.Code != now.Code || old.head() != now.head() || (old.Output == nil) != (now.Output == nil) {
			t.Fatalf("%q became %q", p.source, text)
		}
		if now.Output == nil {
			continue
		}
		if d := Match(*now.Output, actual, nil); d != nil {
			t.Errorf("%q became %q, which doesn't show %q: %v", p.source, text, actual, d)
		}
	}
	if outside(p) != outside(again) {
		t.Errorf("%q became %q: other text has changed", p.source, text)
	}
}

// outside is all of a page but its outputs.
func outside(p *Page) string {
	var out strings.Builder
	at := 0
	for _, c := range p.Cells {
		if c.Output != nil {
			out.Write(p.source[at:c.Output.fenced.start])
			at = c.Output.fenced.end
		}
	}
	return out.String() + p.Source()[at:]
}
