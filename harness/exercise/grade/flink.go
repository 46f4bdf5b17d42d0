package grade

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/verify/probe"
)

func init() {
	register(lab.Kind{Name: "sql", Options: []lab.Option{sqlFile}, Doc: "Flink runs the student's statements, with the rows in Kafka"}, checkSQL)
	register(lab.Kind{Name: "flink-count", Needs: []string{"sql"}, Options: []lab.Option{sqlFile}, Doc: "the table has as many rows as were published"}, checkFlinkCount)
	register(lab.Kind{Name: "flink", Needs: []string{"sql"}, Options: []lab.Option{sqlFile},
		Doc: "the table's counts, extremes, means and times, by activity and subject, are those of the rows"}, checkFlink)
}

// checkSQL runs the student's statements once.
func checkSQL(ctx context.Context, a *attempt, c lab.Check) verdict {
	if err := a.fill(ctx); err != nil {
		return broken(err)
	}
	statements, err := a.bounded(c)
	if err == nil {
		_, err = a.run(ctx, c, statements, "")
	}
	if err != nil {
		return failed(err)
	}
	return passed()
}

// bounded returns the student's statements with tables that end where the topic ends
// now: in batch mode Flink refuses a view or a query of the student's own over any
// other table.
func (a *attempt) bounded(c lab.Check) ([]flink.Statement, error) {
	statements, err := a.statements(c)
	for i := range statements {
		statements[i] = statements[i].WithKafka(flink.UntilNow)
	}
	return statements, err
}

// definitions returns the student's tables, views and settings, without queries and
// jobs, which the check of the statements has run.
func (a *attempt) definitions(c lab.Check) ([]flink.Statement, error) {
	statements, err := a.bounded(c)
	statements = slices.DeleteFunc(statements, func(s flink.Statement) bool { return !s.Begins("CREATE", "DROP", "SET") })
	return append(statements, flink.Statement{Text: utc, File: ourQuery, Line: 1}), err
}

// utc is the time zone in which a check reads times: the student's session may show them
// in another.
const utc = "SET 'table.local-time-zone' = 'UTC'"

// query runs one of our statements over the student's tables.
func (a *attempt) query(ctx context.Context, c lab.Check, ours string) (*flink.Result, error) {
	statements, err := a.definitions(c)
	if err != nil {
		return nil, err
	}
	return a.run(ctx, c, statements, ours)
}

// batch is the config of a session whose jobs end.
func (a *attempt) batch() map[string]string {
	return pipeline.SessionConfig("pipeline.name", "probe "+a.ours.Names.Table, "execution.runtime-mode", "batch")
}

func (a *attempt) run(ctx context.Context, c lab.Check, statements []flink.Statement, ours string) (*flink.Result, error) {
	if ours != "" {
		statements = append(statements, flink.Statement{Text: ours, File: ourQuery, Line: 1})
	}
	session, err := a.session(ctx, a.batch())
	if err != nil {
		return nil, err
	}
	defer session.Close(context.WithoutCancel(ctx))
	results, err := session.RunAll(ctx, statements)
	if err != nil {
		return nil, overTable(err)
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("%s/%s holds no statement", a.lab.ID, a.lab.Files[0])
	}
	return results[len(results)-1], nil
}

// ourQuery stands for the file of a check's own query.
const ourQuery = "a query over your table"

// overTable leaves out of an error where in a check's own query it is: what is wrong is
// the table.
func overTable(err error) error {
	var refused *flink.SQLError
	if !errors.As(err, &refused) || refused.File != ourQuery {
		return err
	}
	return hint.With(fmt.Errorf("%s failed: %s", ourQuery, refused.Reason), refused.Hint())
}

func checkFlinkCount(ctx context.Context, a *attempt, c lab.Check) verdict {
	answer, err := a.query(ctx, c, "SELECT COUNT(*) FROM `"+a.ours.Names.Table+"`")
	if err != nil {
		return failed(err)
	}
	got := "0"
	if len(answer.Rows) > 0 && len(answer.Rows[0]) > 0 {
		got = fmt.Sprint(answer.Rows[0][0])
	}
	want := fmt.Sprint(a.oracle.Count())
	v := passed()
	if got != want {
		v = failed(fmt.Errorf("SELECT COUNT(*) returned %s, want %s", got, want))
	}
	v.expected, v.actual = want+" rows", got+" rows"
	return v
}

// checkFlink compares the table with the oracle.
func checkFlink(ctx context.Context, a *attempt, c lab.Check) verdict {
	statements, err := a.definitions(c)
	if err != nil {
		return failed(err)
	}
	table := probe.Flink{Client: a.ours.Flink(), Tables: statements, Table: a.ours.Names.Table}
	return judged(table.Check(ctx, a.oracle))
}
