package notebook

import (
	"strings"
)

// outputLines splits an output into lines, without insignificant space.
func outputLines(text string) []string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// Match compares what a page shows with what a cell has printed. It returns nil if
// that matches.
func Match(shown Output, actual string, params map[string]string) *Difference {
	want, got := shownLines(shown.Text, params), outputLines(actual)
	if matchLines(want, got) {
		return nil
	}
	return difference(shown, want, got)
}

// matchLines goes back to the last "..." when a line doesn't match, and lets it
// stand for one more line. Earlier ones don't have to.
func matchLines(want []shownLine, got []string) bool {
	w, g := 0, 0
	dots, from := -1, 0 // the last "...", and the first line after those it stands for
	for g < len(got) {
		switch {
		case w < len(want) && want[w].any():
			dots, from = w, g
			w++
		case w < len(want) && want[w].matches(got[g]):
			w, g = w+1, g+1
		case dots >= 0:
			from++
			w, g = dots+1, from
		default:
			return false
		}
	}
	for w < len(want) && want[w].any() {
		w++
	}
	return w == len(want)
}
