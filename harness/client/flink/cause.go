package flink

import (
	"regexp"
	"strconv"
	"strings"
)

// fault is what Flink's error texts say, without the Java around it.
type fault struct {
	reason       string // one line
	line, column int    // in the statement, or 0
}

// cause is one exception of a chain: its class with package, and its message.
type cause struct{ class, message string }

// reduce extracts the root cause from the error texts of a REST answer. A stack
// trace, if there is one, is the last of them.
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
	// unpackaged is the form of Elasticsearch's exceptions. The first one names the field
	// and the value; those nested in it only say how the value was read.
	unpackaged = regexp.MustCompile(`^Caused by: (\w+(?:Exception|Error))\[(.*?)\](?:; nested: .*)?;?$`)
	// circular is a cause that was already printed with a suppressed exception.
	circular = regexp.MustCompile(`^Caused by: \[CIRCULAR REFERENCE: ?(.*)\]$`)
	frame    = regexp.MustCompile(`^\t+(?:at |\.\.\. \d+ )`)
)

// causes reads a stack trace as Throwable.printStackTrace writes it. A message may
// have several lines; it ends at the first frame.
func causes(trace string) []cause {
	var chain []cause
	open := false // whether the last cause's message may continue
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

// ofStatement reports whether a message's line and column are the statement's, not
// those of some JSON.
func (c cause) ofStatement() bool {
	for _, prefix := range []string{"org.apache.calcite.", "org.apache.flink.table.", "org.apache.flink.sql."} {
		if strings.HasPrefix(c.class, prefix) {
			return true
		}
	}
	return false
}

func (c cause) simpleClass() string { return c.class[strings.LastIndexByte(c.class, '.')+1:] }

// empty reports whether the message says nothing by itself. A
// NullPointerException's is about Java, not about what went wrong.
func (c cause) empty() bool {
	message := strings.TrimSpace(c.message)
	return message == "" || message == "null" || header.MatchString(message) && !strings.Contains(message, " ") ||
		c.simpleClass() == "NullPointerException"
}

// wrappers are messages that only say that another exception happened.
var wrappers = regexp.MustCompile(`^(Recovery is suppressed|Job execution failed|Job failed|Failed to (fetch|execute the operation)|Error while retrieving|\S+(Exception|Error)\b)`)

const thinWidth = 24 // characters

// thin reports whether the message needs the one before it to be useful, such as
// "Connection refused", or Kafka's messages that name no topic.
func (c cause) thin() bool {
	return strings.HasPrefix(c.class, "java.") && len(c.message) <= thinWidth || strings.Contains(c.class, ".kafka.common.errors.")
}

// said returns the nearest message above the root cause, at most two above, that
// says more than that another exception happened.
func said(chain []cause) string {
	for i := len(chain) - 1; i >= max(0, len(chain)-2); i-- {
		if !chain[i].empty() && !wrappers.MatchString(chain[i].message) {
			return strings.TrimRight(oneLine(chain[i].message), ".:")
		}
	}
	return ""
}

// named is how Elasticsearch names a document's field that it can't read; what it nests
// below only says how the value was read.
var named = regexp.MustCompile(`failed to parse field \[`)

// root words the last cause that names a field, otherwise the last one that says
// something, together with the one before it if it says little.
func root(chain []cause) string {
	last := len(chain) - 1
	for i := last; i >= 0; i-- {
		if named.MatchString(chain[i].message) {
			last = i
			break
		}
	}
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

// words returns the message in one line. An exception from outside Flink's SQL is
// named, since its message is often no more than a value.
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
