package grafana

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/client/standin"
)

// fake stands in for Grafana: it keeps what it is sent, and answers queries with a text.
type fake struct {
	*standin.Grafana
	addr          string
	authorization string                            // the only one that is let in; "" for any
	answer        func(query map[string]any) string // to one query
	forbidden     string                            // what it says to each request, unless empty
	refusal       int                               // the status of that
	labels        bool                              // series have labels, as before Grafana 10.3
	calls         []string
	query         map[string]any
}

func newFake(t *testing.T) *fake {
	f := &fake{Grafana: standin.NewGrafana("12.3.1"), refusal: http.StatusForbidden}
	f.Guard = f.guard
	f.Query = func(body map[string]any) (int, any) {
		f.query = body
		return http.StatusOK, f.answer(body["queries"].([]any)[0].(map[string]any))
	}
	server := httptest.NewServer(f.Handler())
	t.Cleanup(server.Close)
	f.addr = strings.TrimPrefix(server.URL, "http://")
	return f
}

func (f *fake) guard(w http.ResponseWriter, r *http.Request) bool {
	f.calls = append(f.calls, r.Method+" "+r.URL.Path)
	switch {
	case f.authorization != "" && r.Header.Get("Authorization") != f.authorization:
		http.Error(w, `{"message": "Unauthorized"}`, http.StatusUnauthorized)
	case f.forbidden != "":
		http.Error(w, `{"message": "`+f.forbidden+`"}`, f.refusal)
	default:
		return false
	}
	return true
}
