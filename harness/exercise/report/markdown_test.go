package report

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// every is each ASCII character between letters, and what servers make links of.
func every() string {
	var out strings.Builder
	for r := range rune(128) {
		out.WriteString("a" + string(r))
	}
	return out.String() + "a\n\n| b |\r\n# c\u2028- d \\| e `` f ||g|| &lt; &#124; w@x.yz www.a.example https://b.example @team #1 ](x)"
}

func TestCodeHasNoMarkup(t *testing.T) {
	own := strings.NewReplacer("<code>", "", "</code>", "", "<!-- -->", "")
	entity := regexp.MustCompile(`&#\d+;`)
	for _, text := range []string{every()[:180], every()[180:], hostile, "x", "</code>", "a\\", "|"} {
		got := code(text)
		inner := own.Replace(got)
		if html.UnescapeString(inner) != cell(text) {
			t.Errorf("code(%q) shows %q", text, html.UnescapeString(inner))
		}
		left := entity.ReplaceAllString(inner, "")
		if i := strings.IndexAny(left, "|<>&`*_[]{}\\@#:$!~\n\r"); i >= 0 {
			t.Errorf("code(%q) has markup: %q", text, left[i:])
		}
		if strings.Contains(left, "www.") || strings.Count(got, "<code>") != 1 {
			t.Errorf("code(%q) = %q", text, got)
		}
	}
	if got := code(" \n"); got != "-" {
		t.Errorf("code of nothing = %q", got)
	}
}

// TestMarkdownKeepsItsShape: what a student writes changes neither the number
// of lines nor that of cells.
func TestMarkdownKeepsItsShape(t *testing.T) {
	shape := func(text string) string {
		lab := Grade{ID: text, Title: text, Checks: []Check{{ID: text, Outcome: hop.Failed, Max: 2, Reason: text, Actual: text}}}
		out, err := (Report{Students: []Student{{Name: text, Labs: []Grade{lab}}}}).Markdown()
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(out)) {
			lines = append(lines, regexp.MustCompile(`<code>.*?</code>`).ReplaceAllString(line, "X"))
		}
		return strings.Join(lines, "")
	}
	want := shape("plain")
	for _, text := range []string{hostile, every(), every()[180:], "|", "\\", "\n", "---", "</code>|"} {
		if got := strings.ReplaceAll(shape(text), " - |", " X |"); got != want {
			t.Errorf("%q makes\n%s\nof\n%s", text, got, want)
		}
	}
}
