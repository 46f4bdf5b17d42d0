package grade

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/verify/hop"
)

func init() {
	register(lab.Kind{Name: "query", Options: []lab.Option{
		{Name: "sql", Type: lab.TextOption, Required: true, Doc: "a query over the student's tables and views"},
		{Name: "expected", Type: lab.TextOption, Doc: "a query over the table sent, which has the rows that were sent, with the same answer"},
		{Name: "rows", Type: lab.TextOption, Doc: "the answer itself: a line per row, with | between the columns"},
		sqlFile,
	}, Fits: oneAnswer, Doc: "a query over the student's tables gives the same rows, in any order, as another over the rows that were sent, or as given ones"}, checkQuery)
	register(lab.Kind{Name: "index", Needs: []string{"job", "export", "first-half"}, Options: []lab.Option{
		{Name: "name", Type: lab.TextOption, Doc: "the index, such as ${index}-windows; without it ${index}"},
		{Name: "query", Type: lab.TextOption, Doc: "a query of Elasticsearch as JSON, such as {\"term\": {\"action\": \"A\"}}; without it all documents"},
		{Name: "documents", Type: lab.TextOption, Required: true, Doc: "how many documents it must find: a number, or a query over the table sent whose answer is one"},
	}, Doc: "an Elasticsearch query finds as many documents in an index as it should"}, checkIndex)
}

func oneAnswer(with map[string]string) string {
	if (with["expected"] == "") == (with["rows"] == "") {
		return "query needs one of the options expected and rows"
	}
	return ""
}

// sentView is how an author's query calls the rows that were sent.
const sentView = "CREATE TEMPORARY VIEW sent AS SELECT * FROM `%s`"

// sent runs a query of the author's over the rows that were sent, through a table of
// our own.
func (a *attempt) sent(ctx context.Context, c lab.Check, option string) ([][]any, error) {
	if err := a.fill(ctx); err != nil {
		return nil, err
	}
	text, err := a.own(c, option)
	if err != nil {
		return nil, err
	}
	tables, err := a.ours.Tables()
	if err != nil {
		return nil, err
	}
	for i := range tables {
		tables[i] = tables[i].WithOptions("kafka", flink.UntilNow)
	}
	file := fmt.Sprintf("the check %s, option %s", c.ID, option)
	tables = append(tables, flink.Statement{Text: fmt.Sprintf(sentView, a.ours.Names.Table), File: file, Line: 1},
		flink.Statement{Text: text, File: file, Line: 1})
	result, err := a.run(ctx, c, tables, "")
	if err != nil {
		return nil, err
	}
	return result.Rows, nil
}

// checkQuery compares two answers.
func checkQuery(ctx context.Context, a *attempt, c lab.Check) verdict {
	want := answer(given(c.With["rows"]))
	if c.With["expected"] != "" {
		rows, err := a.sent(ctx, c, "expected")
		if err != nil {
			return broken(err)
		}
		want = answer(rows)
	}
	text, err := a.own(c, "sql")
	if err != nil {
		return broken(err)
	}
	result, err := a.query(ctx, c, text)
	if err != nil {
		return failed(err)
	}
	return compared(want, answer(result.Rows))
}

// given reads rows as lab.yaml has them.
func given(text string) (rows [][]any) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		var row []any
		for _, cell := range strings.Split(line, "|") {
			row = append(row, strings.TrimSpace(cell))
		}
		rows = append(rows, row)
	}
	return rows
}

// answer writes rows as lines, sorted. Numbers with a fraction have nine digits, since
// a sum depends on the order of what is added.
func answer(rows [][]any) []string {
	lines := []string{}
	for _, row := range rows {
		var cells []string
		for _, cell := range row {
			text := fmt.Sprint(cell)
			if cell == nil {
				text = "NULL"
			}
			if f, err := strconv.ParseFloat(text, 64); err == nil && strings.ContainsAny(text, ".eE") {
				text = strconv.FormatFloat(f, 'g', 9, 64)
			}
			cells = append(cells, text)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	slices.Sort(lines)
	return lines
}

// shownRows is how many rows a reason has.
const shownRows = 5

// compared says which rows are missing and which are there without being wanted.
func compared(want, got []string) verdict {
	missing, more := without(want, got), without(got, want)
	if len(missing)+len(more) == 0 {
		return passed()
	}
	v := failed(fmt.Errorf("the answer has %d rows, want %d; %d of the wanted rows aren't there, and %d others are", len(got), len(want), len(missing), len(more)))
	v.expected, v.actual = someRows(missing), someRows(more)
	return v
}

// without returns the lines of a that b doesn't have as often. Both are sorted.
func without(a, b []string) (rest []string) {
	for len(a) > 0 {
		switch {
		case len(b) == 0 || a[0] < b[0]:
			rest, a = append(rest, a[0]), a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return rest
}

func someRows(rows []string) string {
	if len(rows) > shownRows {
		return fmt.Sprintf("%s\n… %d more", strings.Join(rows[:shownRows], "\n"), len(rows)-shownRows)
	}
	return strings.Join(rows, "\n")
}

// checkIndex counts the documents that a query finds.
func checkIndex(ctx context.Context, a *attempt, c lab.Check) verdict {
	want, err := a.number(ctx, c, "documents")
	if err != nil {
		return broken(err)
	}
	name, err := a.own(c, "name")
	if err != nil {
		return broken(err)
	}
	var query json.RawMessage
	if text := c.With["query"]; text != "" {
		query = json.RawMessage(text)
	}
	index := cmp.Or(name, a.ours.Names.Index)
	v := counted(ctx, func(ctx context.Context) (int64, error) { return a.ours.ElasticClient().CountOf(ctx, index, query) }, want)
	if v.outcome != hop.Passed && v.expected != "" {
		v.reason = fmt.Sprintf("%s in %s are found, want %s", strings.Replace(v.actual, "rows", "documents", 1), cmp.Or(c.With["name"], "${index}"), v.expected)
	}
	return a.blameJob(ctx, v)
}
