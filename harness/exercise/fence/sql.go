package fence

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hoplab.example/harness/client/flink"
)

// SQL parses a file of Flink SQL with the parameters that it is run with, and
// returns its statements if all of them are harmless. Otherwise the error joins a
// *[Fault] for each thing that is refused, or is flink's *SQLError where the file
// can't be parsed.
func SQL(file, text string, params map[string]string, rules Rules) ([]flink.Statement, error) {
	if err := tooLarge(file, len(text), SQLBytes); err != nil {
		return nil, err
	}
	if n := strings.Count(text, "${"); n > sqlParams { // the parser looks at all of them for each token
		return nil, &Fault{File: file, Line: 1, Reason: fmt.Sprintf("the file has %d parameters, %d at most are allowed", n, sqlParams), Do: "hand in a smaller one"}
	}
	statements, err := flink.Parse(file, text, params)
	if err != nil {
		return nil, err
	}
	var faults []error
	use := use{repeats: 1, topics: map[string]bool{}}
	for _, s := range statements {
		faults = append(faults, rules.statement(s, &use))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return statements, nil
}

// reader walks through a statement's tokens.
type reader struct {
	file   string
	line   int // of the statement
	tokens []flink.Token
	at     int
}

func (r *reader) fault(reason, do string) error {
	f := &Fault{File: r.file, Line: r.line, Reason: reason, Do: do}
	if len(r.tokens) > 0 {
		t := r.tokens[min(r.at, len(r.tokens)-1)]
		f.Line, f.Column = t.Line, t.Column
	}
	return f
}

func (r *reader) done() bool { return r.at >= len(r.tokens) }

// keyword moves on if the next tokens are these keywords.
func (r *reader) keyword(words ...string) bool {
	for i, w := range words {
		if r.at+i >= len(r.tokens) {
			return false
		}
		if t := r.tokens[r.at+i]; t.Kind != flink.Word || !strings.EqualFold(t.Text, w) {
			return false
		}
	}
	r.at += len(words)
	return true
}

func (r *reader) symbol(s string) bool {
	if r.done() || r.tokens[r.at].Kind != flink.Symbol || r.tokens[r.at].Text != s {
		return false
	}
	r.at++
	return true
}

// name moves on past a name, which can have parts.
func (r *reader) name() bool {
	for {
		if r.done() || r.tokens[r.at].Kind != flink.Name && r.tokens[r.at].Kind != flink.Word {
			return false
		}
		r.at++
		if !r.symbol(".") {
			return true
		}
	}
}

func (r *reader) head() string {
	var words []string
	for _, t := range r.tokens[:min(3, len(r.tokens))] {
		if t.Kind == flink.Word {
			words = append(words, strings.ToUpper(t.Text))
		}
	}
	return strings.Join(words, " ")
}

const allowed = "use CREATE TABLE or VIEW, INSERT INTO, STATEMENT SET, SELECT, SET, DROP … IF EXISTS, SHOW, DESCRIBE or EXPLAIN"

// use is how much of the servers the statements of a file use that were checked.
type use struct {
	repeats int // the factor by which functions make text longer
	inserts int
	topics  map[string]bool // tables of Kafka, by the last part of their names
}

// statement checks one statement, and adds to what those before it use.
func (rules Rules) statement(s flink.Statement, so *use) error {
	code, comments, err := s.Tokens()
	if err != nil {
		return err
	}
	r := &reader{file: s.File, line: s.Line, tokens: code}
	if err := plain(r, comments); err != nil {
		return err
	}
	if so.repeats, err = r.repeats(so.repeats); err != nil {
		return err
	}
	if err := r.inserts(so); err != nil {
		return err
	}
	switch {
	case r.keyword("CREATE"):
		return rules.create(r, so.topics)
	case r.keyword("SET"):
		return rules.set(r, s.Text)
	case r.keyword("SHOW"):
		return shows(r)
	case r.keyword("DESCRIBE"), r.keyword("DESC"):
		return describes(r)
	case r.keyword("DROP"):
		return drops(r)
	case r.keyword("EXPLAIN"):
		return noSecond(r)
	case r.keyword("BEGIN", "STATEMENT", "SET"), r.keyword("END"):
		return ends(r)
	}
	if rules.Endless && s.Begins("SELECT", "WITH", "VALUES") {
		return r.fault("a query isn't allowed in this file: over a table that never ends it waits for more rows forever", "leave it out, and try it in a copy of the lab's page")
	}
	return runs(r)
}

// plain refuses what Flink's lexer might read differently from ours, and hints, which
// can change a table's options.
func plain(r *reader, comments []flink.Token) error {
	for i, t := range r.tokens {
		r.at = i
		switch {
		case t.Kind == flink.Symbol && (t.Text == "/*+" || t.Text == "*/"):
			return r.fault("a hint /*+ … */ can change a table's options", "remove it, and write options in the table's WITH (…)")
		case t.Kind == flink.Symbol && (t.Text == `"` || t.Text == `\` || t.Text == "$" || t.Text == "#" || t.Text == "@" || len(t.Text) > 1):
			if strings.Trim(t.Text, unseen) == "" {
				return r.fault(fmt.Sprintf("unexpected %q", t.Text), "delete this character, which can't be seen, and type a space")
			}
			return r.fault(fmt.Sprintf("unexpected %q", t.Text), "Flink writes names in back quotes (`name`) and text in single quotes ('text')")
		case t.Kind == flink.Text && i > 0 && r.tokens[i-1].Kind == flink.Word && strings.EqualFold(r.tokens[i-1].Text, "E"):
			return r.fault("text with escapes, E'…', may end elsewhere for Flink than it seems to", "write 'text', and double a quote in it ('')")
		case (t.Kind == flink.Word || t.Kind == flink.Symbol) && !ascii(t.Text):
			return r.fault(fmt.Sprintf("%q has letters other than a to z", t.Text), "put names with such letters in back quotes (`name`)")
		}
	}
	r.at = 0
	for _, c := range comments {
		if strings.HasPrefix(c.Text, "/*") && (strings.HasPrefix(c.Text, "/**") || strings.Contains(c.Text[2:], "/*")) {
			return &Fault{File: r.file, Line: c.Line, Column: c.Column, Reason: "it is ambiguous where this comment ends",
				Do: "begin it with /* and a space, and don't nest comments"}
		}
	}
	return nil
}

func ascii(text string) bool {
	return strings.IndexFunc(text, func(c rune) bool { return c < ' ' || c > '~' }) < 0
}

// runs checks a statement that starts a job.
func runs(r *reader) error {
	r.keyword("EXECUTE")
	switch {
	case r.keyword("STATEMENT", "SET", "BEGIN"):
		return insertsOnly(r)
	case r.keyword("INSERT", "INTO"), r.keyword("SELECT"), r.keyword("WITH"), r.keyword("VALUES"):
		return noSecond(r)
	}
	r.at = 0
	return r.fault(fmt.Sprintf("a statement that begins with %s isn't allowed", r.head()), allowed)
}

func insertsOnly(r *reader) error {
	for !r.keyword("END") {
		if !r.keyword("INSERT", "INTO") {
			return r.fault("a STATEMENT SET can contain only INSERT INTO", "move everything else out of it")
		}
		for !r.symbol(";") {
			if r.done() {
				return r.fault("the STATEMENT SET lacks its END", "end each INSERT INTO with a semicolon, and the set with END")
			}
			r.at++
		}
	}
	return ends(r)
}

func ends(r *reader) error {
	if !r.done() {
		return r.fault(fmt.Sprintf("unexpected %q", r.tokens[r.at].Text), "end the statement before it with a semicolon")
	}
	return nil
}

func noSecond(r *reader) error {
	for ; !r.done(); r.at++ {
		if t := r.tokens[r.at]; t.Kind == flink.Symbol && t.Text == ";" {
			return r.fault("unexpected semicolon", "write one statement at a time")
		}
	}
	return nil
}

var shown = []string{"TABLES", "VIEWS", "COLUMNS", "FUNCTIONS", "CATALOGS", "DATABASES", "CURRENT", "MODULES"}

func shows(r *reader) error {
	if r.keyword("CREATE", "TABLE") || r.keyword("CREATE", "VIEW") {
		return nil
	}
	if !r.done() && r.tokens[r.at].Kind == flink.Word && slices.Contains(shown, strings.ToUpper(r.tokens[r.at].Text)) {
		return nil
	}
	return r.fault("this SHOW isn't allowed, because it may show other users' data", "use SHOW TABLES, VIEWS, COLUMNS, FUNCTIONS or CREATE TABLE")
}

func describes(r *reader) error {
	r.keyword("EXTENDED")
	if !r.name() || !r.done() {
		return r.fault("only tables and views can be described", "write DESCRIBE and the table's name")
	}
	return nil
}

func drops(r *reader) error {
	r.keyword("TEMPORARY")
	if !r.keyword("TABLE", "IF", "EXISTS") && !r.keyword("VIEW", "IF", "EXISTS") {
		return r.fault("only tables and views can be dropped, and only IF EXISTS", "write DROP TABLE IF EXISTS or DROP VIEW IF EXISTS")
	}
	if !r.name() {
		return r.fault("the name is missing", "write the table's name after IF EXISTS")
	}
	return ends(r)
}
