package runtime

import (
	"io"
	"strings"
)

const (
	tailLines = 15
	tailBytes = 64 << 10
)

// Tail returns the last lines of an instance's log, at most n, without what
// says nothing: the frames of a Java stack trace.
func Tail(i Instance, n int) string {
	log, err := i.Log()
	if err != nil {
		return "(its log can't be read: " + err.Error() + ")"
	}
	defer log.Close()
	if seeker, ok := log.(io.Seeker); ok {
		seeker.Seek(-tailBytes, io.SeekEnd) // a shorter log is read from its start
	}
	text, _ := io.ReadAll(log)
	return lastLines(string(text), n)
}

func lastLines(text string, n int) string {
	var kept []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !isFrame(line) {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		return "(nothing)"
	}
	return strings.Join(kept[max(0, len(kept)-n):], "\n")
}

func isFrame(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasPrefix(line, "at ") || strings.HasPrefix(line, "... ")
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(text, "\n", "\n  ")
}
