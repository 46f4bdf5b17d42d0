package grafana

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// transport adds the context and the login to each request. A refusal becomes an
// error that dial.Explain knows, except that of a data source from a file, which no
// login may change. Source: grafana/grafana, pkg/api/datasources.go, "Cannot update
// read-only data source".
type transport struct {
	ctx   context.Context
	login access.Login
}

// RoundTrip changes a copy: a transport must not change its caller's request.
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
	switch res.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
	default:
		return res, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal))
	if err != nil {
		return nil, err
	}
	said := (&httpjson.StatusError{Body: body}).Message()
	switch {
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusBadRequest && strings.Contains(said, wrongPassword):
		return nil, dial.ErrUnauthorized
	case res.StatusCode == http.StatusBadRequest:
		res.Body = io.NopCloser(bytes.NewReader(body))
		return res, nil
	case strings.Contains(said, "read-only"):
		return nil, fmt.Errorf("403 Forbidden: %s: it comes from a file of Grafana's, and only that file can change it", said)
	}
	return nil, fmt.Errorf("%w: %s", dial.ErrForbidden, said)
}

// wrongPassword is what Grafana 10 says with 400 of a login that fails; 12 says 401.
// Sources: answers of 10.1 and 12.2, and pkg/services/authn/clients/password.go of
// grafana/grafana at 10.1, errPasswordAuthFailed.
const wrongPassword = "Invalid username or password"

const maxRefusal = 64 << 10 // bytes
