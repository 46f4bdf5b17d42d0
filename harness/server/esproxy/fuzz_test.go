package esproxy

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// exchange is a request as the node gets it, and what the node is to answer.
type exchange struct {
	path, query, method string
	header              http.Header
	body                []byte

	status         int
	kind, encoding string
	answer         []byte
}

func (e *exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/_nodes/_local" && e.path != "" { // the proxy's own question
		w.Write([]byte(`{"nodes":{"abc":{"version":"8.19.21"}}}`))
		return
	}
	e.path, e.query, e.method, e.header = r.URL.Path, r.URL.RawQuery, r.Method, r.Header.Clone()
	e.body, _ = io.ReadAll(r.Body)
	w.Header().Set("Content-Type", e.kind)
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	if e.encoding != "" {
		w.Header().Set("Content-Encoding", e.encoding)
	}
	w.WriteHeader(e.status)
	w.Write(e.answer)
}

// FuzzHandler: what a client sends reaches the node byte for byte, and so does
// the node's answer the client; only the types that are asked for are others, and
// only GET / of a node that has none is answered by the proxy, in JSON.
func FuzzHandler(f *testing.F) {
	bulk := []byte("{\"index\":{\"_id\":\"1600_1\"}}\n{\"x\":1.5}\n")
	f.Add(true, "_bulk", "timeout=1m", "application/x-ndjson", bulk, 200, "application/json", "", []byte(`{"errors":false}`))
	f.Add(true, "datuak/_search", "", "application/json; charset=UTF-8", []byte(`{"size":0}`), 404, jsonType, "", []byte(`{"error":{}}`))
	f.Add(false, "", "", "", []byte{}, 405, "application/json", "gzip", []byte{0x1f, 0x8b})
	f.Add(false, "", "pretty", "", []byte{}, 405, "text/plain", "", []byte("no handler"))
	f.Add(true, "_bulk", "", ndjsonType, bulk, 429, "application/json", "", []byte(`{"status":429}`))
	f.Add(true, "a%2Fb/_doc/%3Cx%3E", "q=%00&q;x", "x/;;", []byte("\x00\xff"), 500, "", "", []byte(nil))
	node := &exchange{}
	server := httptest.NewServer(node)
	f.Cleanup(server.Close)
	proxy := Handler(strings.TrimPrefix(server.URL, "http://"), nil)
	f.Fuzz(func(t *testing.T, post bool, path, query, kind string, body []byte, status int, answerKind, encoding string, answer []byte) {
		r, ok := request(post, path, query, kind, body)
		if !ok || status < 200 || status > 599 || status == 204 || status == 304 || !token(encoding) || !printable(answerKind) {
			return
		}
		if len(answer) == 0 {
			encoding = ""
		}
		*node = exchange{status: status, kind: answerKind, encoding: encoding, answer: answer}
		sent, w := r.URL.Path, httptest.NewRecorder()
		proxy.ServeHTTP(w, r)
		if w.Code == http.StatusBadGateway && node.method == "" {
			var said struct{ Error struct{ Reason string } }
			if json.Unmarshal(w.Body.Bytes(), &said) != nil || said.Error.Reason == "" {
				t.Errorf("nothing reached the node, and the client gets %q", w.Body)
			}
			return
		}
		checkAsked(t, node, sent, kind, body)
		checkAnswered(t, node, w)
	})
}

// request makes one that a client could send; ok is false where none could.
func request(post bool, path, query, kind string, body []byte) (r *http.Request, ok bool) {
	method := http.MethodGet
	if post {
		method = http.MethodPost
	}
	r, err := http.NewRequest(method, "http://proxy/"+strings.TrimLeft(path, "/"), bytes.NewReader(body))
	if err != nil || !printable(query+kind) {
		return nil, false
	}
	r.URL.RawQuery, r.URL.Fragment = strings.NewReplacer(" ", "", "#", "").Replace(query), ""
	if r.URL.Path == "/_nodes/_local" {
		return nil, false // the fake node's own
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Accept-Encoding", "gzip") // else Go's client would unpack the answer
	return r, true
}

// token says whether a text can be an encoding's name.
func token(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < 'a' || c > 'z' })
}

// printable says whether a text can be a header's value.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
}

func checkAsked(t *testing.T, node *exchange, path, kind string, body []byte) {
	t.Helper()
	if node.path != path || !bytes.Equal(node.body, body) {
		t.Errorf("the node got %q with %q, want %q with %q", node.path, node.body, path, body)
	}
	if got := node.header.Values("Accept"); len(got) != 1 || got[0] != jsonType {
		t.Errorf("Accept: %q", got)
	}
	want := []string{}
	if kind != "" {
		want = []string{jsonType}
	}
	if strings.HasPrefix(kind, "application/x-ndjson") && (len(kind) == len("application/x-ndjson") || kind == "application/x-ndjson; charset=UTF-8") || kind == ndjsonType {
		want[0] = ndjsonType
	}
	got := node.header.Values("Content-Type")
	if len(got) != len(want) || len(want) == 1 && got[0] != want[0] && !strings.Contains(strings.ToLower(kind), "ndjson") {
		t.Errorf("Content-Type %q became %q, want %q", kind, got, want)
	}
	header := node.header.Clone()
	if compatible(header); header.Get("Content-Type") != node.header.Get("Content-Type") {
		t.Errorf("two proxies in a row make another type of %q than one: %q", node.header.Get("Content-Type"), header.Get("Content-Type"))
	}
}

func checkAnswered(t *testing.T, node *exchange, w *httptest.ResponseRecorder) {
	t.Helper()
	if node.path == "/" && node.status == http.StatusMethodNotAllowed {
		var info struct{ Version struct{ Number string } }
		if err := json.Unmarshal(w.Body.Bytes(), &info); err != nil || w.Code != 200 || info.Version.Number != "8.19.21" || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("the root is %d %q, encoded %q: %v", w.Code, w.Body, w.Header().Get("Content-Encoding"), err)
		}
	} else if w.Code != node.status || !bytes.Equal(w.Body.Bytes(), node.answer) {
		t.Errorf("the node says %d %q, the client hears %d %q", node.status, node.answer, w.Code, w.Body)
	}
	if length := w.Header().Get("Content-Length"); length != "" && length != strconv.Itoa(w.Body.Len()) {
		t.Errorf("Content-Length %s of %d bytes", length, w.Body.Len())
	}
}
