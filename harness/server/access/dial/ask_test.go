package dial

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/httpjson"
)

func TestAsk(t *testing.T) {
	server := echo(t, httptest.NewServer)
	s := Server{"connect", strings.TrimPrefix(server.URL, "http://"), access.Login{APIKey: access.Hide("a2V5")}}
	answer, err := s.Send(t.Context(), httpjson.Request{URL: "/x"})
	if err != nil || answer.Code != 200 {
		t.Errorf("%+v, %v", answer, err)
	}
	if err := s.Ask(t.Context(), http.MethodGet, "/x", nil, nil); err != nil {
		t.Error(err)
	}
}

func TestAskRefused(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		cause  error // nil where the login isn't refused
	}{
		{401, "", ErrUnauthorized},
		{403, `{"message": "no right"}`, ErrForbidden},
		{403, `{"error":{"type":"cluster_block_exception","reason":"index [a] blocked by: [FORBIDDEN/5/index read-only (api)];"}}`, nil},
		{404, "", nil},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		}))
		defer server.Close()
		s := Server{"kibana", strings.TrimPrefix(server.URL, "http://"), access.Login{User: "ann", Password: access.Hide("s3cr3t")}}
		err := s.Ask(t.Context(), http.MethodPost, "/api", nil, nil)
		var refused *RefusedError
		switch {
		case err == nil || strings.Contains(err.Error(), "s3cr3t"):
			t.Errorf("%d: %v", c.status, err)
		case errors.As(err, &refused) != (c.cause != nil):
			t.Errorf("%d %s: %v", c.status, c.body, err)
		case c.cause != nil && (!errors.Is(err, c.cause) || !strings.HasPrefix(err.Error(), "kibana at "+s.Addr+" refuses user ann: ")):
			t.Errorf("%d: %v", c.status, err)
		case c.cause == nil && httpjson.Code(err) != c.status:
			t.Errorf("%d: %v", c.status, err)
		}
	}
}
