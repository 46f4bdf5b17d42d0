package fence

import (
	"fmt"
	"strconv"
	"strings"

	"hoplab.example/harness/client/flink"
)

// mostRepeats is how many times longer the functions that repeat text can make it, all
// those of a file together: one over the result of another multiplies.
const mostRepeats = 1_000_000

// repeats refuses what makes a text that no server has the memory for. It returns the
// statement's factor, which it multiplies by before.
func (r *reader) repeats(before int) (int, error) {
	for r.at = 0; !r.done(); r.at++ {
		if !r.repeater() {
			continue
		}
		count, ok := r.count()
		if before *= max(1, count); !ok || count > mostRepeats || before > mostRepeats {
			return before, r.fault(
				fmt.Sprintf("%s could make a text that fills a server's memory", strings.ToUpper(r.tokens[r.at].Text)),
				fmt.Sprintf("write its length as a number; all of them multiplied can be up to %d", mostRepeats))
		}
	}
	r.at = 0
	return before, nil
}

// mostInserts is how many INSERTs a file can have. Each may be a job, which takes a slot
// of the cluster, and fill an index of its own.
const mostInserts = 4

// inserts adds the statement's INSERTs to those before it, and refuses one into a topic:
// what it reads may be what it has written, and nothing would bound that.
func (r *reader) inserts(so *use) error {
	for r.at = 0; !r.done(); r.at++ {
		begin := r.at
		if !r.keyword("INSERT", "INTO") {
			continue
		}
		if so.inserts++; so.inserts > mostInserts {
			r.at = begin
			return r.fault(fmt.Sprintf("this file has more than %d INSERTs", mostInserts), "leave out those that the lab doesn't ask for: a cluster has few slots for jobs")
		}
		if r.name() && so.topics[r.tokens[r.at-1].Text] {
			r.at--
			return r.fault("an INSERT can't write to a table of Kafka: the topic has the rows of the lab", "write to another table, such as one with the connector 'blackhole'")
		}
		r.at--
	}
	r.at = 0
	return nil
}

// repeater reports whether a function begins here that repeats text.
func (r *reader) repeater() bool {
	t := r.tokens[r.at]
	if t.Kind != flink.Word && t.Kind != flink.Name || r.at+1 == len(r.tokens) || r.tokens[r.at+1].Text != "(" {
		return false
	}
	switch strings.ToUpper(t.Text) {
	case "REPEAT", "LPAD", "RPAD":
		return true
	}
	return false
}

// count returns the second argument of the function that begins here, and whether it is
// a number.
func (r *reader) count() (int, bool) {
	depth := 0
	for i := r.at + 1; i < len(r.tokens); i++ {
		switch t := r.tokens[i]; {
		case t.Kind != flink.Symbol:
		case t.Text == "(":
			depth++
		case t.Text == ")":
			depth--
		case t.Text == "," && depth == 1:
			if i+2 >= len(r.tokens) || r.tokens[i+2].Text != ")" && r.tokens[i+2].Text != "," {
				return 0, false
			}
			n, err := strconv.Atoi(r.tokens[i+1].Text)
			return n, err == nil && r.tokens[i+1].Kind == flink.Word
		}
		if depth == 0 {
			break
		}
	}
	return 0, false
}
