// Package dial makes clients of components from their logins: of HTTP, Kafka
// and MQTT. The zero login makes what a client is without one.
package dial

import (
	"net/http"
	"time"

	"hoplab.example/harness/server/access"
)

// URL returns the address of a component that speaks HTTP, host:port, as the
// beginning of a URL.
func URL(login access.Login, addr string) string {
	if login.TLS.On {
		return "https://" + addr
	}
	return "http://" + addr
}

// Client returns a client that logs in with each request.
func Client(login access.Login) *http.Client { return &http.Client{Transport: HTTP(login, 0)} }

// HTTP returns a transport that logs in with each request. headers limits how
// long an answer's headers may take; 0 for no limit.
func HTTP(login access.Login, headers time.Duration) http.RoundTripper {
	if login == (access.Login{}) && headers == 0 {
		return http.DefaultTransport
	}
	return &transport{login: login, next: shared(login.TLS, headers)}
}

type transport struct {
	login access.Login
	next  http.RoundTripper
}

// RoundTrip adds the login to a copy of the request: a transport must not change
// the caller's.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.login.APIKey.Empty() || t.login.User != "" {
		req = req.Clone(req.Context())
		if !t.login.APIKey.Empty() {
			req.Header.Set("Authorization", "ApiKey "+t.login.APIKey.Reveal())
		} else {
			req.SetBasicAuth(t.login.User, t.login.Password.Reveal())
		}
	}
	return t.next.RoundTrip(req)
}
