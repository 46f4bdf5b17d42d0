package fence

import (
	"fmt"
	"slices"
	"strings"

	"hoplab.example/harness/client/flink"
)

// create checks a CREATE, and adds a table of Kafka to topics.
func (rules Rules) create(r *reader, topics map[string]bool) error {
	r.keyword("TEMPORARY")
	if r.keyword("VIEW") {
		return noSecond(r)
	}
	if !r.keyword("TABLE") {
		r.at = 0
		return r.fault(fmt.Sprintf("%s isn't allowed", r.head()), "create only tables and views")
	}
	r.keyword("IF", "NOT", "EXISTS")
	if !r.name() {
		return r.fault("the table's name is missing", "write it after CREATE TABLE")
	}
	name := r.tokens[r.at-1].Text
	if !r.brackets() {
		return r.fault("a table needs its columns", "write them in parentheses; LIKE and AS aren't allowed here: use INSERT INTO to fill a table")
	}
	if r.keyword("COMMENT") {
		r.at++ // the text
	}
	if r.keyword("PARTITIONED", "BY") && !r.brackets() {
		return r.fault("PARTITIONED BY needs columns", "write them in parentheses")
	}
	if !r.keyword("WITH") || !r.symbol("(") {
		return r.fault("a table needs its WITH (…) here", "write WITH ('connector' = '…', …); LIKE and AS aren't allowed")
	}
	options, err := r.options()
	if err != nil {
		return err
	}
	if err := ends(r); err != nil {
		return r.fault("nothing can follow a table's WITH (…)", "remove it: LIKE copies another table's options, and AS begins a query; use INSERT INTO for that")
	}
	kafka, beside := false, false
	for _, o := range options {
		kafka = kafka || o.key.Text == "connector" && strings.HasSuffix(o.value.Text, "kafka")
		beside = beside || o.key.Text == "topic" && slices.Contains(rules.Topics, o.value.Text)
	}
	if kafka && (!beside || rules.Endless) { // an endless job could feed itself
		topics[name] = true
	}
	return rules.table(r.file, options)
}

// brackets moves on past a pair of parentheses and what is in it.
func (r *reader) brackets() bool {
	if !r.symbol("(") {
		return false
	}
	for depth := 1; depth > 0; {
		switch {
		case r.done():
			return false
		case r.symbol("("):
			depth++
		case r.symbol(")"):
			depth--
		default:
			r.at++
		}
	}
	return true
}

// option is one of a WITH clause; the tokens say where it is.
type option struct{ key, value flink.Token }

// options reads 'key' = 'value', … and the closing parenthesis. Other forms of
// text, such as U&'\0041' and 'two' 'pieces', are refused: Flink would read another
// value than the one that is visible.
func (r *reader) options() ([]option, error) {
	var found []option
	for {
		var o option
		if !r.text(&o.key) || !r.symbol("=") || !r.text(&o.value) {
			return nil, r.fault("an option is malformed", "write 'key' = 'value', each in plain single quotes")
		}
		found = append(found, o)
		switch {
		case r.symbol(","):
		case r.symbol(")"):
			return found, nil
		default:
			return nil, r.fault("an option is malformed", "separate options by commas, and end them with a closing parenthesis")
		}
	}
}

func (r *reader) text(to *flink.Token) bool {
	if r.done() || r.tokens[r.at].Kind != flink.Text {
		return false
	}
	*to = r.tokens[r.at]
	r.at++
	return true
}
