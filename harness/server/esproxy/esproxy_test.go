package esproxy

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// fakeNode is Elasticsearch 8.19 as far as headers go: without a root handler,
// and with the headers that it got in its answer.
func fakeNode(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /_bulk", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", r.Header.Get("Accept"))
		fmt.Fprintf(w, "%s|%s|%s|%s", r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.URL.RawQuery, body)
	})
	mux.HandleFunc("GET /_nodes/_local", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"nodes":{"abc":{"version":"8.19.21"}}}`)
	})
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":"no handler found"}`, http.StatusMethodNotAllowed)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func ask(t *testing.T, url, method, kind, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header
}

func TestAsksForVersionSeven(t *testing.T) {
	proxy := httptest.NewServer(Handler(fakeNode(t), nil))
	defer proxy.Close()
	cases := map[string]string{
		"application/json":                    jsonType,
		"application/json; charset=UTF-8":     jsonType,
		"application/x-ndjson":                ndjsonType,
		"application/x-ndjson; charset=UTF-8": ndjsonType,
		"nonsense/;;":                         jsonType,
	}
	for kind, want := range cases {
		_, got, _ := ask(t, proxy.URL+"/_bulk?timeout=1m", http.MethodPost, kind, "{}\n{}\n")
		if got != jsonType+"|"+want+"|timeout=1m|{}\n{}\n" {
			t.Errorf("%s: the node got %q, want Content-Type %s", kind, got, want)
		}
	}
	if _, got, _ := ask(t, proxy.URL+"/_bulk", http.MethodPost, "", ""); got != jsonType+"|||" {
		t.Errorf("without a type: the node got %q", got)
	}
}

func TestRootOfANodeWithoutOne(t *testing.T) {
	proxy := httptest.NewServer(Handler(fakeNode(t), nil))
	defer proxy.Close()
	code, body, header := ask(t, proxy.URL+"/", http.MethodGet, "", "")
	if code != 200 || !strings.Contains(body, `"number":"8.19.21"`) || header.Get("X-Elastic-Product") != "Elasticsearch" {
		t.Errorf("GET / = %d %s, %v", code, body, header)
	}
	if code, body, _ := ask(t, proxy.URL+"/", http.MethodHead, "", ""); code != 200 || body != "" {
		t.Errorf("HEAD / = %d %q", code, body)
	}
	if code, _, _ := ask(t, proxy.URL+"/other", http.MethodGet, "", ""); code != 404 {
		t.Errorf("GET /other = %d, want the node's own 404", code)
	}
}

func TestNodeThatIsGone(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := listener.Addr().String()
	listener.Close()
	var said bytes.Buffer
	proxy := httptest.NewServer(Handler(target, log.New(&said, "", 0)))
	defer proxy.Close()
	code, body, _ := ask(t, proxy.URL+"/_bulk", http.MethodPost, "application/json", "{}")
	if code != 502 || !strings.Contains(body, target) || !strings.Contains(body, "POST /_bulk") || !strings.Contains(said.String(), target) {
		t.Errorf("%d %s; the log says %q", code, body, &said)
	}
}
