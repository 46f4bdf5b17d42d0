package flink

import (
	"regexp"
	"strconv"
	"strings"
)

// fault is what Flink's error texts say, once the Java is taken out.
type fault struct {
	reason       string // one line
	line, column int    // in the statement, or 0
}

// cause is one exception of a chain: its class with package, and its message.
type cause struct{ class, message string }

// reduce takes the root cause out of the error texts of a REST answer, of which
// the stack trace, if any, is the last.
func reduce(texts []string) fault {
	if len(texts) == 0 {
		return fault{reason: "it gave no reason"}
	}
	trace := texts[len(texts)-1]
	chain := causes(trace)
	if len(chain) == 0 {
		return fault{reason: oneLine(strings.Join(texts, "\n"))}
	}
	f := fault{reason: root(chain)}
	for _, c := range chain {
		if m := place.FindStringSubmatch(c.message); m != nil && c.ofStatement() {
			f.line, _ = strconv.Atoi(m[1])
			f.column, _ = strconv.Atoi(m[2])
		}
	}
	return f
}

var (
	header = regexp.MustCompile(`^(?:Caused by: )?((?:[a-zA-Z_]\w*\.)+[A-Za-z_$][\w$]*)(?:: (.*))?$`)
	place  = regexp.MustCompile(`\bline (\d+), column (\d+)`)
	// unpackaged is how Elasticsearch's exceptions write themselves.
	unpackaged = regexp.MustCompile(`^Caused by: (\w+(?:Exception|Error))\[(.*)\]$`)
	// circular is a cause that was printed before, as one of a suppressed exception.
	circular = regexp.MustCompile(`^Caused by: \[CIRCULAR REFERENCE: ?(.*)\]$`)
	frame    = regexp.MustCompile(`^\t+(?:at |\.\.\. \d+ )`)
)

// causes reads a stack trace as Throwable.printStackTrace writes it. A message
// can have several lines; it goes on until the first frame.
func causes(trace string) []cause {
	var chain []cause
	open := false // whether the last cause's message may go on
	for line := range strings.Lines(trace) {
		line = circular.ReplaceAllString(strings.TrimRight(line, "\r\n"), "Caused by: $1")
		m := header.FindStringSubmatch(line)
		if m == nil {
			m = unpackaged.FindStringSubmatch(line)
		}
		switch {
		case m != nil && (len(chain) == 0 || strings.HasPrefix(line, "Caused by: ")):
			chain = append(chain, cause{m[1], m[2]})
			open = true
		case frame.MatchString(line), strings.HasPrefix(line, "End of exception on server side"):
			open = false
		case open:
			last := &chain[len(chain)-1]
			last.message += "\n" + line
		}
	}
	return chain
}

// ofStatement tells whether a message's line and column are the statement's,
// and not those of some JSON, say.
func (c cause) ofStatement() bool {
	for _, prefix := range []string{"org.apache.calcite.", "org.apache.flink.table.", "org.apache.flink.sql."} {
		if strings.HasPrefix(c.class, prefix) {
			return true
		}
	}
	return false
}

func (c cause) simpleClass() string { return c.class[strings.LastIndexByte(c.class, '.')+1:] }

// empty tells whether the message says nothing by itself. That of a
// NullPointerException is about Java, not about what went wrong.
func (c cause) empty() bool {
	message := strings.TrimSpace(c.message)
	return message == "" || message == "null" || header.MatchString(message) && !strings.Contains(message, " ") ||
		c.simpleClass() == "NullPointerException"
}

// wrappers are exceptions that only say that another one happened.
var wrappers = regexp.MustCompile(`^(Recovery is suppressed|Job execution failed|Job failed|Failed to (fetch|execute the operation)|Error while retrieving|\S+(Exception|Error)\b)`)

const thinWidth = 24 // characters

// thin tells whether the message needs the one before it to be of use:
// "Connection refused", or Kafka's that names no topic.
func (c cause) thin() bool {
	return strings.HasPrefix(c.class, "java.") && len(c.message) <= thinWidth || strings.Contains(c.class, ".kafka.common.errors.")
}

// said is the nearest message before the root cause, two above it at most,
// that says more than that another exception happened.
func said(chain []cause) string {
	for i := len(chain) - 1; i >= max(0, len(chain)-2); i-- {
		if !chain[i].empty() && !wrappers.MatchString(chain[i].message) {
			return strings.TrimRight(oneLine(chain[i].message), ".:")
		}
	}
	return ""
}

// root words the last cause that says something, with the one before it where
// that is little.
func root(chain []cause) string {
	last := len(chain) - 1
	i := last
	for i > 0 && chain[i].empty() {
		i--
	}
	reason := chain[i].words()
	if i < last {
		reason += " (" + chain[last].simpleClass() + ")"
	}
	if before := said(chain[:i]); chain[i].thin() && before != "" {
		reason = before + ": " + reason
	}
	return cut(reason)
}

// words gives the message in one line. An exception that isn't of Flink's SQL
// is named, since its message often says no more than a value.
func (c cause) words() string {
	switch message := strings.TrimSpace(c.message); {
	case message == "":
		return c.simpleClass()
	case c.ofStatement():
		return c.sqlWords()
	default:
		return c.simpleClass() + ": " + oneLine(message)
	}
}
