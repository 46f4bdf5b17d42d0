package compat

import (
	"regexp"
	"strings"
)

const wordsWidth = 240 // characters

// varied is what is different at each run.
var varied = []struct {
	what *regexp.Regexp
	by   string
}{
	{regexp.MustCompile(`\b(?:127\.0\.0\.1|localhost):\d+`), "HOST:PORT"},
	{regexp.MustCompile(`\b[0-9a-f]{32}\b`), "ID"},
	{regexp.MustCompile(`\bcompat_[a-z0-9_]+`), "INDEX"},
	// Flink reports this cause of an answer that it can't read only sometimes.
	{regexp.MustCompile(` \(NullPointerException\)$`), ""},
	{regexp.MustCompile(`\s+`), " "},
}

// short makes one line of an error's words, and takes out what is different at
// each run.
func short(words string) string {
	for _, v := range varied {
		words = v.what.ReplaceAllString(words, v.by)
	}
	words = strings.TrimSpace(words)
	if runes := []rune(words); len(runes) > wordsWidth {
		words = string(runes[:wordsWidth]) + "…"
	}
	return words
}
