package grafana

import (
	"context"
	"net/http"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// transport makes each request one of a context, and logs in. A refusal becomes
// an error that dial.Explain knows.
type transport struct {
	ctx   context.Context
	login access.Login
}

// RoundTrip changes a copy: a transport must not change the caller's request.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(t.ctx)
	switch {
	case !t.login.APIKey.Empty():
		req.Header.Set("Authorization", "Bearer "+t.login.APIKey.Reveal())
	case t.login.User != "":
		req.SetBasicAuth(t.login.User, t.login.Password.Reveal())
	}
	res, err := dial.HTTP(access.Login{TLS: t.login.TLS}, 0).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	refusal := map[int]error{http.StatusUnauthorized: dial.ErrUnauthorized, http.StatusForbidden: dial.ErrForbidden}[res.StatusCode]
	if refusal != nil {
		res.Body.Close()
		return nil, refusal
	}
	return res, nil
}
