package keeper

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWhoIsLetIn has the requests of programs of another user, of pages of other
// sites, and of those by a name that was let point to this machine.
func TestWhoIsLetIn(t *testing.T) {
	asked, at := 0, endpoint{Addr: "127.0.0.1:4711", Token: "t0ken"}
	h := guard(at, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
		asked++
	}))
	for _, c := range []struct {
		name, host, token, origin, body string
		want                            int
	}{
		{"its client", at.Addr, "Bearer t0ken", "", "[]", 200},
		{"no token", at.Addr, "", "", "", 403},
		{"the empty token", at.Addr, "Bearer ", "", "", 403},
		{"another token", at.Addr, "Bearer t0kem", "", "", 403},
		{"the beginning of it", at.Addr, "Bearer t0ke", "", "", 403},
		{"a rebound name", "evil.example:4711", "Bearer t0ken", "", "", 403},
		{"another port", "127.0.0.1:1", "Bearer t0ken", "", "", 403},
		{"a page", at.Addr, "Bearer t0ken", "https://evil.example", "", 403},
		{"a page of a file", at.Addr, "Bearer t0ken", "null", "", 403},
		{"a long body", at.Addr, "Bearer t0ken", "", strings.Repeat("x", maxAsked+1), 400},
	} {
		r, w := httptest.NewRequest("POST", "http://"+c.host+"/stop", strings.NewReader(c.body)), httptest.NewRecorder()
		for name, value := range map[string]string{"Authorization": c.token, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		before := asked
		h.ServeHTTP(w, r)
		if w.Code != c.want || c.want == 403 && asked != before || strings.Contains(w.Body.String(), at.Token) {
			t.Errorf("%s: %d, want %d: %s", c.name, w.Code, c.want, w.Body)
		}
	}
}
