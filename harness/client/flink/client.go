package flink

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/util/wait"
)

const (
	answerLimit = time.Minute     // for one request, including the planning of a first INSERT
	tidyLimit   = 5 * time.Second // for requests after the caller's context has ended
)

// Client asks one Flink cluster. It may be used by several goroutines.
type Client struct {
	gateway, jobManager server
}

// New returns a client of the SQL Gateway and the JobManager's REST interface
// at these addresses, host:port. It doesn't connect yet.
func New(gateway, jobManager string) *Client {
	return NewAs(gateway, access.Login{}, jobManager, access.Login{})
}

// NewAs is New with a login at each of the two.
func NewAs(gateway string, atGateway access.Login, jobManager string, atJobManager access.Login) *Client {
	return &Client{
		gateway:    server{"Flink's SQL Gateway", gateway, atGateway},
		jobManager: server{"Flink's JobManager", jobManager, atJobManager},
	}
}

// Version returns the version of the SQL Gateway, such as "1.20.3".
func (c *Client) Version(ctx context.Context) (string, error) {
	var info struct{ Version string }
	if err := c.gateway.call(ctx, http.MethodGet, "/v1/info", nil, &info); err != nil {
		return "", fmt.Errorf("ask for the version: %w", err)
	}
	return info.Version, nil
}

type server struct {
	name, addr string
	login      access.Login
}

// answerError is an answer that isn't 2xx. Its texts are what Flink sends as
// {"errors": [...]}: a sentence, and at times a Java stack trace.
type answerError struct {
	server server
	status int
	texts  []string
}

func (e *answerError) Error() string {
	return fmt.Sprintf("%s at %s says %d %s: %s", e.server.name, e.server.addr,
		e.status, http.StatusText(e.status), reduce(e.texts).reason)
}

// call sends in as JSON, unless it is nil, and reads the answer into out.
func (s server) call(ctx context.Context, method, path string, in, out any) error {
	limited, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	answer, err := dial.Server{Component: s.name, Addr: s.addr, Login: s.login}.Send(limited, httpjson.Request{Method: method, URL: path, Body: in})
	switch {
	case dial.Refused(err):
		return err
	case err != nil && ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		return s.unreachable(err)
	}
	err = answer.Decode(out)
	var refused *httpjson.StatusError
	if errors.As(err, &refused) {
		return s.refusal(refused)
	}
	if err != nil {
		err = fmt.Errorf("read the answer of %s at %s: %w", s.name, s.addr, err)
	}
	return err
}

func (s server) refusal(refused *httpjson.StatusError) error {
	var said struct{ Errors []string }
	if json.Unmarshal(refused.Body, &said) != nil || len(said.Errors) == 0 {
		said.Errors = []string{fmt.Sprintf("%.200q", refused.Body)}
	}
	return &answerError{server: s, status: refused.Code, texts: said.Errors}
}

func (s server) unreachable(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err // without the whole address, which is named here
	}
	return fmt.Errorf("ask %s at %s: %w; is the stack up? `lab status` shows it", s.name, s.addr, err)
}

// newPause grows from 10 to 200 ms: a quick statement is seen to end at once, and a
// long one isn't asked about too often.
func newPause() wait.Backoff {
	return wait.Backoff{First: 10 * time.Millisecond, Longest: 200 * time.Millisecond}
}

// tidyContext is for requests that must be made although ctx has ended.
func tidyContext(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), tidyLimit)
}
