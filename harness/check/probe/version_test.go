package probe

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

// fakeElastic is no Elasticsearch: it answers paths with these texts, and any
// other with a status.
func fakeElastic(t *testing.T, answers map[string]string, otherwise int) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, known := answers[r.URL.Path]
		if !known {
			w.WriteHeader(otherwise)
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestVersion(t *testing.T) {
	cases := []struct {
		name      string
		answers   map[string]string
		otherwise int
		want      string
		fails     string
	}{
		{"7", map[string]string{"/": `{"version": {"number": "7.6.0"}}`}, 404, "7.6.0", ""},
		{"no root", map[string]string{"/_nodes/_local": `{"nodes": {"a": {"version": "8.19.21"}}}`}, 405, "8.19.21", ""},
		{"neither", nil, 405, "", "405 Method Not Allowed"},
		{"another program", map[string]string{"/": `{}`}, 404, "", "no version.number"},
		{"no JSON", map[string]string{"/": `<html>`}, 404, "", "invalid character"},
		{"not let in", nil, 401, "", "refuses nobody"},
		{"broken", nil, 503, "", "503"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Version(t.Context(), fakeElastic(t, c.answers, c.otherwise), access.Login{})
			if got != c.want || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%q, %v, want %q, %q", got, err, c.want, c.fails)
			}
		})
	}
	if _, err := Version(t.Context(), "127.0.0.1:1", access.Login{}); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("where nobody answers: %v", err)
	}
}
