package flink

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	preface     = regexp.MustCompile(`^(SQL (parse|validation) failed\. )?((From|At) line \d+, column \d+( to line \d+, column \d+)?: )?`)
	encountered = regexp.MustCompile(`^(?:SQL parse failed\. )?Encountered ("(?:[^"\\]|\\.)*") at line \d+, column \d+\.`)
	lexical     = regexp.MustCompile(`^(?:SQL parse failed\. )?Lexical error at line \d+, column \d+\.\s+Encountered: (\S+)`)
	factory     = regexp.MustCompile(` that implements '[^']*' in the classpath`)
	expected    = regexp.MustCompile(`(?m)^    (.+?)(?: \.\.\.)?\s*$`)
)

// sqlWords shortens a message of Flink's parser or validator. The place in the
// statement is reported separately.
func (c cause) sqlWords() string {
	if m := encountered.FindStringSubmatch(c.message); m != nil {
		return parserWords(m[1], c.message)
	}
	if m := lexical.FindStringSubmatch(c.message); m != nil {
		return "unexpected character " + m[1]
	}
	message := preface.ReplaceAllString(c.message, "")
	return oneLine(factory.ReplaceAllString(message, ""))
}

const fewExpected = 3 // a longer list of what is allowed here helps nobody

func parserWords(found, message string) string {
	words := "unexpected " + found
	if text, err := strconv.Unquote(found); err == nil && text == "<EOF>" {
		words = "the statement ends too early"
	}
	var options []string
	for _, m := range expected.FindAllStringSubmatch(message, -1) {
		options = append(options, m[1])
	}
	if len(options) == 0 || len(options) > fewExpected {
		return words
	}
	return words + ", expected " + strings.Join(options, " or ")
}

// oneLine joins the lines of a message. Lines after a colon, and lines that aren't
// sentences, form a list.
func oneLine(message string) string {
	var b strings.Builder
	last := ""
	for line := range strings.Lines(message) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" {
			continue
		}
		switch {
		case last == "":
		case strings.HasSuffix(last, ":"), strings.HasSuffix(last, "."), strings.HasSuffix(last, ","):
			b.WriteString(" ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(line)
		last = line
	}
	return b.String()
}

const reasonWidth = 400 // characters

func cut(reason string) string {
	if runes := []rune(reason); len(runes) > reasonWidth {
		return string(runes[:reasonWidth]) + " …"
	}
	return reason
}
