package httpjson

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serve answers with a status and a body, and keeps what it was asked.
func serve(t *testing.T, status int, body string) (url string, asked *http.Request, sent *string) {
	t.Helper()
	asked, sent = new(http.Request), new(string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		*asked, *sent = *r, string(text)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked, sent
}

func TestDo(t *testing.T) {
	url, asked, sent := serve(t, 201, `{"n": 12345678901234567890, "s": "é"}`)
	var got map[string]any
	err := Do(t.Context(), http.DefaultClient, Request{Method: "PUT", URL: url + "/a?b=c", Body: []int{1}, Header: http.Header{"X-Y": {"z"}}}, &got)
	if err != nil || got["n"] != json.Number("12345678901234567890") || got["s"] != "é" {
		t.Errorf("answer %v, %v", got, err)
	}
	if asked.Method != "PUT" || asked.URL.String() != "/a?b=c" || *sent != "[1]" || asked.Header.Get("Content-Type") != "application/json" || asked.Header.Get("X-Y") != "z" {
		t.Errorf("asked %s %s with %q and %v", asked.Method, asked.URL, *sent, asked.Header)
	}
}

func TestBodies(t *testing.T) {
	url, asked, sent := serve(t, 200, "")
	for _, c := range []struct {
		request  Request
		sent, as string
	}{
		{Request{}, "", ""},
		{Request{Body: []byte("a: b")}, "a: b", "application/json"},
		{Request{Body: []byte("x"), Header: http.Header{"Content-Type": {"text/plain"}}}, "x", "text/plain"},
		{Request{Body: json.RawMessage(`{"a":1}`)}, `{"a":1}`, "application/json"},
	} {
		c.request.URL = url
		if err := Do(t.Context(), http.DefaultClient, c.request, nil); err != nil {
			t.Error(err)
		}
		if *sent != c.sent || asked.Header.Get("Content-Type") != c.as || asked.Method != "GET" {
			t.Errorf("%s with %q as %q, want %q as %q", asked.Method, *sent, asked.Header.Get("Content-Type"), c.sent, c.as)
		}
	}
	if err := Do(t.Context(), http.DefaultClient, Request{URL: url, Body: func() {}}, nil); err == nil {
		t.Error("a func was sent as JSON")
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{404, `{"message": "no such thing", "code": 1}`, "404 Not Found: no such thing"},
		{500, "  it broke\n", "500 Internal Server Error: it broke"},
		{302, "", "302 Found: "},
		{502, strings.Repeat("x", 1000), "502 Bad Gateway: " + strings.Repeat("x", 500)},
	} {
		url, _, _ := serve(t, c.status, c.body)
		err := Do(t.Context(), http.DefaultClient, Request{URL: url}, new(any))
		if err == nil || err.Error() != c.want || Code(err) != c.status {
			t.Errorf("%d with %.40q: %v, want %q", c.status, c.body, err, c.want)
		}
		answer, err := Send(t.Context(), http.DefaultClient, Request{URL: url})
		if err != nil || answer.Code != c.status || string(answer.Body) != c.body {
			t.Errorf("the answer itself: %+v, %v", answer, err)
		}
	}
}

func TestNoAnswer(t *testing.T) {
	url, _, _ := serve(t, 200, "<html>")
	err := Do(t.Context(), http.DefaultClient, Request{URL: url + "/a"}, new(any))
	if err == nil || !strings.Contains(err.Error(), "GET "+url+"/a") || !strings.Contains(err.Error(), `begins "<html>"`) || Code(err) != 0 {
		t.Errorf("HTML: %v", err)
	}
	if err := Do(t.Context(), http.DefaultClient, Request{URL: "http://127.0.0.1:1"}, nil); err == nil || Code(err) != 0 {
		t.Errorf("nobody answers: %v", err)
	}
	long := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.CopyN(w, zeros{}, MaxAnswer+1)
	}))
	defer long.Close()
	if _, err := Send(t.Context(), http.DefaultClient, Request{URL: long.URL}); err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
		t.Errorf("a long answer: %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
