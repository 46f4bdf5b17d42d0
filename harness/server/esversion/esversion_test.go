package esversion

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

// fakeElastic is a fake: it answers paths with these texts, and any
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
			node, err := Ask(t.Context(), fakeElastic(t, c.answers, c.otherwise), access.Login{})
			if got := node.Version; got != c.want || node.Rooted != (c.want != "" && c.answers["/"] != "") || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%v, %v, want %q, %q", node, err, c.want, c.fails)
			}
		})
	}
	if _, err := Ask(t.Context(), "127.0.0.1:1", access.Login{}); err == nil || !strings.Contains(err.Error(), "127.0.0.1:1") {
		t.Errorf("where nobody answers: %v", err)
	}
}

func TestParse(t *testing.T) {
	for _, bad := range []string{"", "8", "8.x.1", "a.1", "x.1", "8.x"} {
		if r, err := Parse(bad); err == nil {
			t.Errorf("%q = %v", bad, r)
		}
	}
	older, err1 := Parse("7.6.0")
	newer, err2 := Parse("7.17.29")
	if err1 != nil || err2 != nil || older.Compare(newer) >= 0 || newer.Compare(older) <= 0 || older.Compare(older) != 0 || newer.String() != "7.17" {
		t.Errorf("%v, %v (%v, %v)", older, newer, err1, err2)
	}
}
