package course

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"hoplab.example/harness/server/access"
)

// maxConnect is how much of Kafka Connect's answer is read, in bytes.
const maxConnect = 1 << 20

// connectors adds the MQTT broker's login to connectors, so a page is the same
// wherever it runs, and hides the password in what the page shows.
type connectors struct {
	login func(config map[string]string)
	has   access.Login
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (c connectors) RoundTrip(req *http.Request) (*http.Response, error) {
	if c.has == (access.Login{}) {
		return c.next.RoundTrip(req)
	}
	if req.Method == http.MethodPut && strings.HasSuffix(req.URL.Path, "/config") {
		var err error
		if req, err = c.loggedIn(req); err != nil {
			return nil, err
		}
	}
	res, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxConnect))
	if err != nil {
		return nil, err
	}
	for _, secret := range c.has.Secrets() {
		body = bytes.ReplaceAll(body, []byte(secret), []byte("***"))
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return res, nil
}

// loggedIn returns a copy of a request with the login in its connector's config. An
// invalid config is left alone: Connect reports what is wrong with it.
func (c connectors) loggedIn(req *http.Request) (*http.Request, error) {
	body, err := io.ReadAll(io.LimitReader(req.Body, maxConnect))
	if err != nil {
		return nil, err
	}
	req.Body.Close()
	var config map[string]string
	if json.Unmarshal(body, &config) == nil {
		c.login(config)
		if body, err = json.Marshal(config); err != nil {
			return nil, err
		}
	}
	req = req.Clone(req.Context())
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return req, nil
}
