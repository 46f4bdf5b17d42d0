package notebook

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hoplab.example/harness/client/flink"
)

// SQLSession is what sql cells run in, such as a *flink.Session. All cells of a page
// share it: later cells can use a table that an earlier one created.
type SQLSession interface {
	Run(ctx context.Context, statement flink.Statement) (*flink.Result, error)
}

// SQLExecutor runs sql cells. A query prints its rows as a table, an INSERT
// "job ID started", any other statement "done".
type SQLExecutor struct {
	Session SQLSession
	// Prepare changes the statements before they run, for example to add logins. It
	// may be nil.
	Prepare func([]flink.Statement) ([]flink.Statement, error)
	// Started gets the id of each job that an INSERT starts: the job outlives the
	// session. It may be nil.
	Started func(job string)
}

// Run implements Executor.
func (e SQLExecutor) Run(ctx context.Context, c Cell) (string, error) {
	// The newlines give the code the line numbers of the page.
	statements, err := flink.Parse(c.Page, strings.Repeat("\n", c.Line)+c.Code, c.Params)
	if err == nil && e.Prepare != nil {
		statements, err = e.Prepare(statements)
	}
	if err != nil {
		return "", sqlFailure(c, "", err)
	}
	var out strings.Builder
	for _, s := range statements {
		result, err := e.Session.Run(ctx, s)
		if err != nil {
			return "", sqlFailure(c, out.String(), err)
		}
		out.WriteString(e.words(result))
	}
	return out.String(), nil
}

// sqlFailure returns a *Failure if the SQL itself is wrong.
func sqlFailure(c Cell, printed string, err error) error {
	var sql *flink.SQLError
	if !errors.As(err, &sql) {
		return err
	}
	text := fmt.Sprintf("line %d, column %d: %s", sql.Line-c.Line, sql.Column, sql.Reason)
	return &Failure{Text: joined(printed, text), Err: err}
}

func (e SQLExecutor) words(r *flink.Result) string {
	switch r.Kind {
	case flink.Started:
		if e.Started != nil {
			e.Started(r.JobID)
		}
		return fmt.Sprintf("job %s started\n", r.JobID)
	case flink.Rows:
		return Table(r)
	}
	return "done\n"
}
