package flink

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
)

// Version 2 of the interface is the first that marks an INSERT's job, and 1.20
// still has it.
const sessions = "/v2/sessions"

// Session is a session at the SQL Gateway. Its tables exist for its later
// statements, and for no other session.
type Session struct {
	client *Client
	path   string
}

// OpenSession opens a session with config, Flink's settings by name, such as
// "execution.runtime-mode": "batch". The caller closes it.
func (c *Client) OpenSession(ctx context.Context, config map[string]string) (*Session, error) {
	properties := maps.Clone(config)
	if properties == nil {
		properties = map[string]string{}
	}
	var opened struct{ SessionHandle string }
	err := c.gateway.call(ctx, http.MethodPost, sessions, map[string]any{"properties": properties}, &opened)
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	return &Session{client: c, path: sessions + "/" + url.PathEscape(opened.SessionHandle)}, nil
}

// Close closes the session. A query that still runs in it ends; the job of an
// INSERT goes on.
func (s *Session) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tidyLimit)
	defer cancel()
	if err := s.client.gateway.call(ctx, http.MethodDelete, s.path, nil, nil); err != nil {
		return fmt.Errorf("close the session: %w", err)
	}
	return nil
}

// RunAll runs the statements in order and stops at the first that fails. It
// returns the results of those before it too.
func (s *Session) RunAll(ctx context.Context, statements []Statement) ([]*Result, error) {
	var results []*Result
	for _, statement := range statements {
		result, err := s.Run(ctx, statement)
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	return results, nil
}

// Run runs one statement until it is done. All rows of a query are read, so it must
// end; the job of an INSERT is started, not awaited. An error that Flink found in
// the statement or in its execution is a *SQLError. When ctx ends, the query ends at
// the gateway too; if it had a job, the error wraps a *WaitError, which says why the
// job fails, if it does.
func (s *Session) Run(ctx context.Context, statement Statement) (*Result, error) {
	var submitted struct{ OperationHandle string }
	body := map[string]any{"statement": statement.Text}
	err := s.client.gateway.call(ctx, http.MethodPost, s.path+"/statements", body, &submitted)
	if err != nil {
		return nil, statement.failure(err)
	}
	operation := s.path + "/operations/" + url.PathEscape(submitted.OperationHandle)
	defer s.end(ctx, operation)
	result, err := s.read(ctx, operation)
	if err != nil {
		if ctx.Err() != nil && result.JobID == "" {
			result.JobID = s.submitted(ctx, operation)
		}
		return nil, statement.failure(s.explain(ctx, err, result.JobID))
	}
	return result, nil
}

// submitted waits until the gateway has submitted a statement that ctx has ended, and
// returns its job, "" for none. Closed before that, the operation leaves its job running
// (seen with 1.20, in batch mode).
func (s *Session) submitted(ctx context.Context, operation string) string {
	ctx, cancel := tidyContext(ctx)
	defer cancel()
	for pause := newPause(); ; {
		var got page
		err := s.client.gateway.call(ctx, http.MethodGet, operation+"/result/0?rowFormat=JSON", nil, &got)
		if err != nil || got.ResultType != "NOT_READY" || pause.Sleep(ctx) != nil {
			return got.JobID
		}
	}
}

// explain adds the state of its job to the error of a query that ctx has ended: in
// streaming mode a failing job restarts forever, and no row comes.
func (s *Session) explain(ctx context.Context, err error, job string) error {
	if ctx.Err() == nil || job == "" {
		return err
	}
	return s.client.waitedFor(ctx, job, Job{}, err)
}

// end frees what the gateway holds for an operation, and stops a query that still
// runs. Its error doesn't matter: the statement's outcome is known.
func (s *Session) end(ctx context.Context, operation string) {
	ctx, cancel := tidyContext(ctx)
	defer cancel()
	_ = s.client.gateway.call(ctx, http.MethodDelete, operation+"/close", nil, nil)
}

// read returns what has come so far, also with an error.
func (s *Session) read(ctx context.Context, operation string) (*Result, error) {
	pause := newPause()
	read := newReader()
	next := operation + "/result/0?rowFormat=JSON"
	for {
		var got page
		if err := s.client.gateway.call(ctx, http.MethodGet, next, nil, &got); err != nil {
			return read.result(), err
		}
		if err := read.add(got); err != nil {
			return read.result(), err
		}
		if got.ResultType == "EOS" {
			return read.result(), nil
		}
		if got.NextResultURI == "" {
			return read.result(), errors.New("the SQL Gateway names no next page of the result, and doesn't say that this is the last one")
		}
		next = got.NextResultURI
		if len(got.Results.Data) > 0 {
			pause.Reset()
			continue
		}
		if err := pause.Sleep(ctx); err != nil {
			return read.result(), err
		}
	}
}
