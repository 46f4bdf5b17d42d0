package grafana

import (
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
	if res.StatusCode != http.StatusUnauthorized && res.StatusCode != http.StatusForbidden {
		return res, nil
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized {
		return nil, dial.ErrUnauthorized
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal))
	if err != nil {
		return nil, err
	}
	said := (&httpjson.StatusError{Body: body}).Message()
	if strings.Contains(said, "read-only") {
		return nil, fmt.Errorf("403 Forbidden: %s: it comes from a file of Grafana's, and only that file can change it", said)
	}
	return nil, fmt.Errorf("%w: %s", dial.ErrForbidden, said)
}

const maxRefusal = 64 << 10 // bytes
