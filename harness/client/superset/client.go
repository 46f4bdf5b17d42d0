// Package superset imports dashboards into a running Superset through its REST API, and
// asks it for the numbers of their charts.
package superset

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/httpjson"
)

// Client is logged in at a Superset.
type Client struct {
	base   string
	http   *http.Client
	header http.Header
}

// Login logs in with a user of Superset's own (not of LDAP or OAuth). A user or a
// password that isn't let in is a *dial.RefusedError.
//
// Superset takes a change only with its token against forged requests and the session's
// cookie, though the request has a bearer token. Recorded from 6.1.0: without, it answers
// 400 'The CSRF token is missing.'
func Login(ctx context.Context, addr string, login access.Login) (*Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	plain := access.Login{TLS: login.TLS}
	c := &Client{base: dial.URL(login, addr), http: &http.Client{Transport: dial.HTTP(plain, 0), Jar: jar}, header: http.Header{}}
	var session struct {
		Token string `json:"access_token"`
	}
	who := map[string]any{"username": login.User, "password": login.Password.Reveal(), "provider": "db"}
	err = c.do(ctx, http.MethodPost, "/api/v1/security/login", who, &session)
	if httpjson.Code(err) == http.StatusUnauthorized {
		return nil, dial.Explain("superset", addr, login, dial.ErrUnauthorized)
	}
	if err == nil && session.Token == "" {
		err = errors.New("its answer has no token")
	}
	if err != nil {
		return nil, fmt.Errorf("log in at Superset, %s: %w", addr, err)
	}
	c.header.Set("Authorization", "Bearer "+session.Token)
	var csrf struct{ Result string }
	if err := c.do(ctx, http.MethodGet, "/api/v1/security/csrf_token/", nil, &csrf); err != nil {
		return nil, fmt.Errorf("ask Superset at %s for a token: %w", addr, err)
	}
	c.header.Set("X-CSRFToken", csrf.Result)
	c.header.Set("Referer", c.base) // wanted over HTTPS: WTF_CSRF_SSL_STRICT of Flask-WTF
	return c, nil
}

// do asks. An answer of 200 that lacks what is asked for is the caller's to find.
func (c *Client) do(ctx context.Context, method, path string, in, out any) error {
	return c.send(ctx, httpjson.Request{Method: method, URL: path, Body: in}, out)
}

func (c *Client) send(ctx context.Context, r httpjson.Request, out any) error {
	header := c.header.Clone()
	for name, values := range r.Header {
		header[name] = values
	}
	r.URL, r.Header = c.base+r.URL, header
	err := httpjson.Do(ctx, c.http, r, out)
	if httpjson.Code(err) == http.StatusForbidden {
		return hint.With(err, "the user needs the role Admin, or rights to import dashboards and to read datasets")
	}
	return err
}
