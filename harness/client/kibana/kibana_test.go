package kibana

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// fake is not a real Kibana: it has the little of its API that the client uses, as the
// guide describes it, and keeps what it is sent.
type fake struct {
	t       *testing.T
	objects map[string]string // by type/id
	imports []string
	// answers, by path, are given in place of what it would say: a status and
	// a body.
	answers map[string]string
	asked   atomic.Int64
}

func newFake(t *testing.T) (*fake, Client) {
	t.Helper()
	f := &fake{t: t, objects: map[string]string{}, answers: map[string]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, Client{Addr: server.Listener.Addr().String(), Login: access.Login{User: "ann", Password: access.Hide("pw")}}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.asked.Add(1)
	user, password, _ := r.BasicAuth()
	if answer, found := f.answers[r.URL.Path]; found {
		var status int
		fmt.Sscan(answer, &status)
		w.WriteHeader(status)
		io.WriteString(w, answer[4:])
		return
	}
	switch {
	case user != "ann" || password != "pw":
		w.WriteHeader(http.StatusUnauthorized)
	case r.Method != http.MethodGet && r.Header.Get("kbn-xsrf") == "":
		http.Error(w, `{"statusCode":400,"error":"Bad Request","message":"Request must contain a kbn-xsrf header."}`, http.StatusBadRequest)
	case r.URL.Path == "/api/status":
		io.WriteString(w, `{"version":{"number":"7.17.29"},"status":{"overall":{"level":"available","summary":"All services are available"}}}`)
	case r.URL.Path == "/api/saved_objects/_import":
		f.take(w, r)
	default:
		f.object(w, r, strings.TrimPrefix(r.URL.Path, "/api/saved_objects/"))
	}
}

func (f *fake) take(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil || !strings.HasSuffix(header.Filename, ".ndjson") || r.URL.RawQuery != "overwrite=true" {
		http.Error(w, `{"message":"Invalid file extension"}`, http.StatusBadRequest)
		return
	}
	text, _ := io.ReadAll(file)
	f.imports = append(f.imports, string(text))
	results := []Ref{}
	for line := range strings.Lines(string(text)) {
		var ref Ref
		if err := json.Unmarshal([]byte(line), &ref); err == nil && ref.Type != "" {
			results = append(results, ref)
			f.objects[ref.Type+"/"+ref.ID] = line
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"success": true, "successCount": len(results), "successResults": results})
}

func (f *fake) object(w http.ResponseWriter, r *http.Request, key string) {
	object, found := f.objects[key]
	switch {
	case !found:
		http.Error(w, `{"statusCode":404,"error":"Not Found","message":"Saved object [`+key+`] not found"}`, http.StatusNotFound)
	case r.Method == http.MethodDelete:
		delete(f.objects, key)
		io.WriteString(w, "{}")
	default:
		io.WriteString(w, object)
	}
}

const export = `{"id":"v","type":"index-pattern","attributes":{"title":"datuak"},"references":[]}
{"id":"d e","type":"dashboard","attributes":{"title":"D"},"references":[{"id":"v","name":"r","type":"index-pattern"}]}
{"exportedCount":2}
`

func TestImportGetDelete(t *testing.T) {
	f, c := newFake(t)
	refs, err := c.Import(t.Context(), "d.ndjson", []byte(export))
	if err != nil || !slices.Equal(refs, []Ref{{"index-pattern", "v"}, {"dashboard", "d e"}}) {
		t.Fatalf("imported %v, %v", refs, err)
	}
	if len(f.imports) != 1 || f.imports[0] != export {
		t.Errorf("the fake was sent %q", f.imports)
	}
	o, err := c.Get(t.Context(), refs[1])
	if err != nil || o.ID != "d e" || string(o.Attributes) != `{"title":"D"}` || len(o.References) != 1 || o.References[0].ID != "v" {
		t.Errorf("got %+v, %v", o, err)
	}
	if err := c.Delete(t.Context(), append(refs, Ref{"dashboard", "never"})); err != nil || len(f.objects) != 0 {
		t.Errorf("%v; left: %v", err, f.objects)
	}
	if _, err := c.Get(t.Context(), refs[0]); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "get index-pattern v") {
		t.Errorf("error = %v, want ErrNotFound", err)
	}
}

func TestImportFails(t *testing.T) {
	cases := []struct{ name, answer, want string }{
		{"conflict", `200 {"success":false,"successCount":1,"successResults":[{"type":"index-pattern","id":"v"}],"errors":[{"id":"d e","type":"dashboard","meta":{"title":"D"},"error":{"type":"conflict"}}]}`, `it refuses dashboard d e "D": conflict`},
		{"lost reference", `200 {"success":false,"successCount":1,"successResults":[{"type":"index-pattern","id":"v"}],"errors":[{"id":"d e","type":"dashboard","meta":{"title":"D"},"error":{"type":"missing_references","references":[{"type":"index-pattern","id":"w"}]}}]}`, "missing_references (index-pattern w)"},
		{"silent", `200 {"success":true,"successCount":1,"successResults":[{"type":"index-pattern","id":"v"}]}`, "it took 1 of 2 objects and doesn't say why"},
		{"newer", `422 {"statusCode":422,"error":"Unprocessable Entity","message":"Document \"d\" has property \"dashboard\" which belongs to a more recent version of Kibana [8.0.0]."}`, "more recent version of Kibana"},
		{"not ready", `503 Kibana server is not ready yet`, "503 Service Unavailable: Kibana server is not ready yet"},
		{"no JSON", `200 <html>`, `can't be read as JSON: invalid character '<' looking for beginning of value; it begins "<html>"`},
		{"nothing", `200 `, "can't be read as JSON"},
		{"forbidden", `403 {"message":"Unable to bulk_create"}`, "kibana at "},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, client := newFake(t)
			f.answers["/api/saved_objects/_import"] = c.answer
			refs, err := client.Import(t.Context(), "d.ndjson", []byte(export))
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "import d.ndjson") {
				t.Errorf("error = %v, want %q", err, c.want)
			}
			if partly := strings.Contains(c.answer, "successResults"); partly && len(refs) != 1 {
				t.Errorf("imported %v, want the data view, for it is there now", refs)
			}
		})
	}
}

func TestRefusedLogin(t *testing.T) {
	_, c := newFake(t)
	c.Login.Password = access.Hide("hunter2")
	_, err := c.Wait(t.Context())
	var refused *dial.RefusedError
	if !errors.As(err, &refused) || refused.Component != "kibana" || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v, want a refusal", err)
	}
}

func TestStatus(t *testing.T) {
	for body, want := range map[string]Status{
		`{"version":{"number":"8.19.21"},"status":{"overall":{"level":"available","summary":"All"}}}`: {"8.19.21", true, "available", "All"},
		`{"version":{"number":"7.6.0"},"status":{"overall":{"state":"green","nickname":"Looking"}}}`:  {"7.6.0", true, "green", "Looking"},
		`{"version":{"number":"7.17.29"},"status":{"overall":{"level":"degraded","summary":"x"}}}`:    {"7.17.29", false, "degraded", "x"},
	} {
		f, c := newFake(t)
		f.answers["/api/status"] = "200 " + body
		if got, err := c.Status(t.Context()); err != nil || got != want {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}

func TestWait(t *testing.T) {
	f, c := newFake(t)
	if s, err := c.Wait(t.Context()); err != nil || s.Version != "7.17.29" {
		t.Errorf("%+v, %v", s, err)
	}
	f.answers["/api/status"] = `200 {"status":{"overall":{"level":"degraded","summary":"no Elasticsearch"}}}`
	ctx, cancel := context.WithTimeout(t.Context(), 1200*time.Millisecond)
	defer cancel()
	_, err := c.Wait(ctx)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), `seen last: its status is "degraded": no Elasticsearch`) {
		t.Errorf("error = %v", err)
	}
	if f.asked.Load() < 3 {
		t.Errorf("it asked %d times, want again and again", f.asked.Load())
	}
	if _, err := (Client{Addr: "127.0.0.1:1"}).Status(t.Context()); err == nil || !strings.Contains(err.Error(), "ask Kibana at 127.0.0.1:1") {
		t.Errorf("error = %v", err)
	}
}
