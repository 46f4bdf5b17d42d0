package dial

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/httpjson"
)

// Server is a component that speaks HTTP.
type Server struct {
	Component string // its name, for errors
	Addr      string // host:port
	Login     access.Login
}

// Ask sends in as JSON, unless it is nil, and decodes the answer into out, unless
// that is nil. Errors are those of Send, and a *httpjson.StatusError.
func (s Server) Ask(ctx context.Context, method, path string, in, out any) error {
	answer, err := s.Send(ctx, httpjson.Request{Method: method, URL: path, Body: in})
	if err != nil {
		return err
	}
	return answer.Decode(out)
}

// Send asks with the login. r.URL is a path, with its query. A login that isn't
// let in, or a certificate that isn't trusted, is a *RefusedError.
func (s Server) Send(ctx context.Context, r httpjson.Request) (*httpjson.Answer, error) {
	path := r.URL
	r.URL = URL(s.Login, s.Addr) + path
	answer, err := httpjson.Send(ctx, Client(s.Login), r)
	switch {
	case err != nil:
		return nil, Explain(s.Component, s.Addr, s.Login, err)
	case answer.Code == http.StatusUnauthorized:
		return nil, Explain(s.Component, s.Addr, s.Login, ErrUnauthorized)
	case answer.Code == http.StatusForbidden && !blocked(answer.Body):
		return nil, Explain(s.Component, s.Addr, s.Login,
			fmt.Errorf("%w: %s %s: %s", ErrForbidden, answer.Request.Method, path, answer.Refusal().Message()))
	}
	return answer, nil
}

// blocked reports an index that takes no writes, which Elasticsearch answers with
// 403 whoever asks. Source: its guide, "Index blocks".
func blocked(body []byte) bool { return bytes.Contains(body, []byte("cluster_block_exception")) }
