package flink

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
)

// fake plays the gateway and the JobManager: it answers with recordings, each
// path's one after the other, the last of them again and again.
type fake struct {
	t       *testing.T
	mu      sync.Mutex
	answers map[string][]string // by method and path
	asked   []string
}

func newFake(t *testing.T) (*fake, *Client) {
	f := &fake{t: t, answers: map[string][]string{
		"POST /v2/sessions":              {`{"sessionHandle":"S"}`},
		"DELETE /v2/sessions/S":          {`{"status":"CLOSED"}`},
		"POST /v2/sessions/S/statements": {`{"operationHandle":"O"}`},
		"DELETE " + operation + "/close": {`{"status":"CLOSED"}`},
	}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	return f, New(addr, addr)
}

const operation = "/v2/sessions/S/operations/O"

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := r.Method + " " + r.URL.Path
	f.asked = append(f.asked, key)
	left := f.answers[key]
	if len(left) == 0 {
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprintf(w, `{"errors":["Not found: %s"]}`, key)
		return
	}
	if len(left) > 1 {
		f.answers[key] = left[1:]
	}
	if strings.HasPrefix(strings.ReplaceAll(left[0], " ", ""), "{\n\"errors\"") {
		w.WriteHeader(http.StatusInternalServerError)
	}
	fmt.Fprint(w, left[0])
}

func (f *fake) on(key string, answers ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[key] = answers
}

// pages makes the recorded pages the answers to the requests for results.
func (f *fake) pages(file string) {
	var pages []json.RawMessage
	if err := json.Unmarshal(recording(f.t, "pages/"+file+".json"), &pages); err != nil {
		f.t.Fatal(err)
	}
	path := operation + "/result/0"
	for _, page := range pages {
		key := "GET " + path
		f.on(key, append(f.answers[key], string(page))...)
		var next struct{ NextResultURI string }
		if err := json.Unmarshal(page, &next); err != nil {
			f.t.Fatal(err)
		}
		path, _, _ = strings.Cut(next.NextResultURI, "?")
	}
}

// count returns how often a request came.
func (f *fake) count(key string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, asked := range f.asked {
		if asked == key {
			n++
		}
	}
	return n
}

func recording(t *testing.T, file string) []byte {
	t.Helper()
	body, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
