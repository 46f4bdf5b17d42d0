package notebook

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// fakeServer answers with the request, or with what the path asks for.
func fakeServer(t *testing.T) map[string]string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/json":
			fmt.Fprint(w, `{"b":{"z":1.50,"a":[]},"a":"<&>","n":12345678901234567890}`)
		case "/absent":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":"no such index"}`)
		case "/moved":
			http.Redirect(w, r, "/json", http.StatusFound)
		case "/huge":
			fmt.Fprint(w, "[", strings.Repeat("1,", 5<<20), "1]")
		default:
			fmt.Fprintf(w, "%s %s %s %q", r.Method, r.URL, r.Header.Get("Content-Type"), body)
		}
	}))
	t.Cleanup(server.Close)
	return map[string]string{"es": strings.TrimPrefix(server.URL, "http://"), "index": "rows"}
}

func TestHTTP(t *testing.T) {
	params := fakeServer(t)
	for _, test := range []struct{ cell, want string }{
		{"GET http://${es}/json", "200 OK\n{\n  \"a\": \"<&>\",\n  \"b\": {\n    \"a\": [],\n    \"z\": 1.50\n  },\n  \"n\": 12345678901234567890\n}\n"},
		{"PUT http://${es}/${index}?x=1\nContent-Type: a/b\n\n{\n\n\"${index}\"}", "200 OK\nPUT /rows?x=1 a/b \"{\\n\\n\\\"rows\\\"}\\n\"\n"},
	} {
		if got, err := exec1(t, HTTPExecutor{}, params, "'''http", test.cell, "'''"); err != nil || got != test.want {
			t.Errorf("%s\ngot  %q, %v\nwant %q", test.cell, got, err, test.want)
		}
	}
	if got, err := exec1(t, HTTPExecutor{}, params, "'''http", "GET http://${es}/moved", "'''"); err != nil || !strings.HasPrefix(got, "302 Found\n") {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := exec1(t, HTTPExecutor{}, params, "'''http", "GET http://${es}/absent", "'''")
	if shown, told := failed(t, err); shown != "404 Not Found\n{\n  \"error\": \"no such index\"\n}\n" || !strings.HasSuffix(told, "/absent answers 404 Not Found") {
		t.Errorf("got %q, %q", shown, told)
	}
	if got, err := exec1(t, HTTPExecutor{}, params, "'''http", "GET http://${es}/huge", "'''"); err != nil || len(got) > 2*maxBody {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
}

func TestHTTPUnreachable(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	_, err := exec1(t, HTTPExecutor{}, nil, "'''http", "GET "+server.URL+"/", "'''")
	if err == nil || errors.As(err, new(*Failure)) {
		t.Errorf("got %v, want an error that isn't a *Failure", err)
	}
	e := HTTPExecutor{Client: func(host string) (*http.Client, error) { return nil, errors.New("it is not of the stack") }}
	if _, err := exec1(t, e, nil, "'''http", "GET http://example.org:80/", "'''"); err == nil || err.Error() != "ask example.org:80: it is not of the stack" {
		t.Errorf("got %v", err)
	}
}
