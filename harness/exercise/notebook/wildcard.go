package notebook

import (
	"regexp"
	"strings"
)

// anyLines is a shown line that stands for any number of lines.
const anyLines = "..."

var wildcards = map[string]string{
	"[..]":   `.*`,
	"[N]":    `[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?`,
	"[TIME]": `\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?`,
	"[ID]":   `[\pL\pN_-]+`,
}

var special = regexp.MustCompile(`\[(?:\.\.|N|TIME|ID)\]|` + param.String())

// shownLine is a line of a page's output.
type shownLine struct {
	text string
	form *regexp.Regexp // nil if it matches only itself
}

// shownLines reads the lines of an output.
func shownLines(text string, params map[string]string) []shownLine {
	var lines []shownLine
	for _, line := range outputLines(text) {
		lines = append(lines, shownLine{line, form(line, params)})
	}
	return lines
}

// form returns what a line matches besides itself, or nil.
func form(line string, params map[string]string) *regexp.Regexp {
	var out strings.Builder
	at, any := 0, false
	for _, m := range special.FindAllStringIndex(line, -1) {
		word := line[m[0]:m[1]]
		also, known := wildcards[word]
		if !known {
			var value string
			value, known = params[strings.TrimSuffix(strings.TrimPrefix(word, "${"), "}")]
			also = regexp.QuoteMeta(value)
		}
		if !known {
			continue
		}
		any = true
		out.WriteString(regexp.QuoteMeta(line[at:m[0]]) + "(?:" + also + "|" + regexp.QuoteMeta(word) + ")")
		at = m[1]
	}
	if !any {
		return nil
	}
	return regexp.MustCompile(`^` + out.String() + regexp.QuoteMeta(line[at:]) + `$`)
}

func (s shownLine) matches(actual string) bool {
	return s.text == actual || s.form != nil && s.form.MatchString(actual)
}

// any reports whether the line stands for any lines.
func (s shownLine) any() bool { return s.text == anyLines }
