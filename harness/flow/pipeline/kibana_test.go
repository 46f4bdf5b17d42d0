package pipeline

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/check/hop"
	panels "hoplab.example/harness/client/kibana/savedobject"
)

// TestKibanaObjects: a run's own index has objects of its own; the usual one has
// the shipped ids.
func TestKibanaObjects(t *testing.T) {
	for suffix, id := range map[string]string{"": "hoplab-averages", "x": "hoplab-averages-datuak_x"} {
		p := Pipeline{Names: NewNames(suffix)}
		text, err := p.KibanaObjects(time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		charts, err := panels.Read(kibanaFile, text)
		if err != nil {
			t.Fatal(err)
		}
		first := charts[0]
		if first.ID != id || first.View.Index != p.Names.Index || first.Range.From.Hour() != 23 {
			t.Errorf("suffix %q: %+v", suffix, first)
		}
	}
}

// TestImportKibana against a fake that takes all and keeps what it wants.
func TestImportKibana(t *testing.T) {
	for lost, want := range map[string]string{"": "", "dashboard/hoplab-rows": "read back what was imported: get dashboard hoplab-rows", "index-pattern/w": "follow the reference"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/api/status":
				io.WriteString(w, `{"status":{"overall":{"level":"available"}}}`)
			case r.Method == http.MethodPost:
				io.WriteString(w, `{"success":true,"successCount":9,"successResults":[{"type":"dashboard","id":"hoplab-rows"}]}`)
			case lost != "" && strings.HasSuffix(r.URL.Path, lost):
				http.NotFound(w, r)
			default:
				io.WriteString(w, `{"references":[{"type":"index-pattern","id":"w","name":"r"}]}`)
			}
		}))
		t.Cleanup(server.Close)
		p := Pipeline{Sites: oneSite(server.Listener.Addr().String()), Names: NewNames("")}
		refs, err := p.ImportKibana(t.Context(), 0)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) || len(refs) != 1 {
			t.Errorf("lost %q: %v, %v; want %q", lost, refs, err, want)
		}
	}
}

// TestKibanaIsOthersToo: a run takes nothing in Kibana that is there already, and
// removes what is its own.
func TestKibanaIsOthersToo(t *testing.T) {
	taken, deleted := "", []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodDelete:
			deleted = append(deleted, r.URL.Path)
			io.WriteString(w, "{}")
		case taken != "" && strings.HasSuffix(r.URL.Path, taken):
			io.WriteString(w, "{}")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	p := Pipeline{Sites: oneSite(server.Listener.Addr().String()), Names: NewNames("x")}
	if err := p.claimKibana(t.Context()); err != nil {
		t.Error(err)
	}
	taken = "/visualization/hoplab-maxima-datuak_x"
	var already *TakenError
	if err := p.claimKibana(t.Context()); !errors.As(err, &already) || already.Name != "hoplab-maxima-datuak_x" {
		t.Errorf("error = %v, want that it is taken", err)
	}
	if err := p.removeKibana(t.Context()); err != nil || len(deleted) != 9 || deleted[0] != "/api/saved_objects/dashboard/hoplab-rows-datuak_x" {
		t.Errorf("deleted %q, %v; want the run's 9 objects, the dashboard first", deleted, err)
	}
}

// TestCheckKibanaEndsEarly: a file that isn't right has failed, a server that
// isn't there is an error.
func TestCheckKibanaEndsEarly(t *testing.T) {
	gone := Pipeline{Sites: everyAt("127.0.0.1:1"), Names: NewNames("1")}
	for name, c := range map[string]struct {
		result  hop.Result
		outcome hop.Outcome
		want    string
	}{
		"no file":        {gone.CheckKibanaFile(t.Context(), "mine.ndjson", []byte("{oh"), oracle(t)), hop.Failed, "mine.ndjson:1: no saved object"},
		"nobody answers": {gone.CheckKibana(t.Context(), oracle(t), 0), hop.Error, "127.0.0.1:1"},
	} {
		if r := c.result; r.Hop != hop.Kibana || r.Outcome != c.outcome || r.Expected != 100 || !strings.Contains(r.Detail, c.want) {
			t.Errorf("%s: %+v, want %s with %q", name, r, c.outcome, c.want)
		}
	}
}

// TestCheckInKibanaRemoves: whatever a check comes to, what was imported is
// removed.
func TestCheckInKibanaRemoves(t *testing.T) {
	p, asked := fakeAt(t, `{"status":{"overall":{"level":"available"}},"success":true,"successCount":9,"successResults":[{"type":"dashboard","id":"d"}]}`)
	if r := p.CheckInKibana(t.Context(), oracle(t), 0); r.Outcome != hop.Error {
		t.Errorf("%+v, want an error: the fake is no Elasticsearch", r)
	}
	for _, call := range []string{"POST /api/saved_objects/_import", "GET /api/saved_objects/dashboard/d", "DELETE /api/saved_objects/dashboard/d"} {
		if !slices.Contains(asked(), call) {
			t.Errorf("asked %v, want %s too", asked(), call)
		}
	}
}
