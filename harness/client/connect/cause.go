package connect

import (
	"regexp"
	"strings"
)

// names matches what says which setting or value is wrong.
var names = regexp.MustCompile(`\(\w[\w.]*=|parameters=\[|for scheme "|could be found for: `)

// rootCause returns the cause of a Java stack trace that says most: the deepest that
// names a setting or a value, otherwise the deepest that says something at all.
func rootCause(trace string) string {
	var chain []string
	for line := range strings.Lines(trace) {
		text, caused := strings.CutPrefix(strings.TrimSpace(line), "Caused by: ")
		if caused || len(chain) == 0 && text != "" {
			chain = append(chain, text)
		}
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if names.MatchString(chain[i]) {
			return chain[i]
		}
	}
	return deepest(chain)
}

// deepest returns the last of a chain of causes that says something, with those below
// it that are no more than the name of an exception.
func deepest(chain []string) string {
	if len(chain) == 0 {
		return "it gave no reason"
	}
	last := len(chain) - 1
	if last > 0 && (!strings.Contains(chain[last], " ") || strings.Contains(chain[last-1], chain[last])) {
		above := deepest(chain[:last])
		if strings.Contains(above, chain[last]) {
			return above
		}
		return above + " (" + chain[last] + ")"
	}
	return chain[last]
}
