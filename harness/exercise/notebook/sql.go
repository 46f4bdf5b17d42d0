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
	// session. Its error, that the job can't write, is the cell's. It may be nil.
	Started func(ctx context.Context, job string) error
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
		words, err := e.words(ctx, result)
		if err != nil {
			return "", &Failure{Text: joined(out.String(), err.Error()), Err: fmt.Errorf("%s:%d: %w", s.File, s.Line, err)}
		}
		out.WriteString(words)
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

func (e SQLExecutor) words(ctx context.Context, r *flink.Result) (text string, err error) {
	switch r.Kind {
	case flink.Started:
		if e.Started != nil {
			err = e.Started(ctx, r.JobID)
		}
		return fmt.Sprintf("job %s started\n", r.JobID), err
	case flink.Rows:
		return Table(r), nil
	}
	return "done\n", nil
}
