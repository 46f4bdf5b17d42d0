package dashboard

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
)

// TestKibanaObjects: a run's own index has objects of its own; the usual one has
// the shipped ids.
func TestKibanaObjects(t *testing.T) {
	for suffix, id := range map[string]string{"": "hoplab-averages", "x": "hoplab-averages-datuak_x"} {
		p := pipeline.Pipeline{Names: pipeline.NewNames(suffix)}
		file, text, err := KibanaObjects(p, time.Hour, 7)
		if err != nil {
			t.Fatal(err)
		}
		charts, err := panels.Read(file, text)
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
	for lost, want := range map[string]string{
		"": "", "dashboard/hoplab-rows": "read back what was imported: get dashboard hoplab-rows", "index-pattern/w": "follow the reference",
		"a panel": "has changed dashboard hoplab-rows: it was sent with 7 references, and is kept with 6", "7.6.0": "is 7.6.0, and refuses the dashboard, which 7.17 wrote",
		"9.2.4": "was sent with 8 references, and is kept with 7", // 8's form, with two controls in the place of their panel
	} {
		kept, objects := 7, "9"
		switch lost {
		case "a panel":
			kept = 6
		case "9.2.4":
			objects = "8"
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/api/status":
				version := "7.17.29"
				if strings.Contains(lost, ".") {
					version = lost
				}
				io.WriteString(w, `{"version":{"number":"`+version+`"},"status":{"overall":{"level":"available"}}}`)
			case r.Method == http.MethodPost:
				io.WriteString(w, `{"success":true,"successCount":`+objects+`,"successResults":[{"type":"dashboard","id":"hoplab-rows"}]}`)
			case lost != "" && strings.HasSuffix(r.URL.Path, lost):
				http.NotFound(w, r)
			default:
				references := strings.TrimSuffix(strings.Repeat(`{"type":"index-pattern","id":"w","name":"r"},`, kept), ",")
				io.WriteString(w, `{"references":[`+references+`]}`)
			}
		}))
		t.Cleanup(server.Close)
		p := pipeline.Pipeline{Sites: everyAt(server.Listener.Addr().String()), Names: pipeline.NewNames("")}
		refs, err := ImportKibana(t.Context(), p, 0)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) || lost != "7.6.0" && len(refs) != 1 {
			t.Errorf("lost %q: %v, %v; want %q", lost, refs, err, want)
		}
	}
}

// TestCheckKibanaEndsEarly: a file that isn't right has failed, a server that
// isn't there is an error.
func TestCheckKibanaEndsEarly(t *testing.T) {
	gone := pipeline.Pipeline{Sites: everyAt("127.0.0.1:1"), Names: pipeline.NewNames("1")}
	for name, c := range map[string]struct {
		result  hop.Result
		outcome hop.Outcome
		want    string
	}{
		"no file":        {CheckKibanaFile(t.Context(), gone, "mine.ndjson", []byte("{oh"), oracle(t)), hop.Failed, "mine.ndjson:1: not a saved object"},
		"nobody answers": {CheckKibana(t.Context(), gone, oracle(t), 0), hop.Error, "127.0.0.1:1"},
	} {
		if r := c.result; r.Hop != hop.Kibana || r.Outcome != c.outcome || r.Expected != 100 || !strings.Contains(r.Detail, c.want) {
			t.Errorf("%s: %+v, want %s with %q", name, r, c.outcome, c.want)
		}
	}
}

// TestCheckInKibanaRemoves: whatever the result of a check, what was imported is
// removed.
func TestCheckInKibanaRemoves(t *testing.T) {
	p, asked := fakeAt(t, `{"status":{"overall":{"level":"available"}},"success":true,"successCount":9,"successResults":[{"type":"dashboard","id":"d"}]}`)
	if r := CheckInKibana(t.Context(), p, oracle(t), 0); r.Outcome != hop.Error {
		t.Errorf("%+v, want an error: the fake isn't an Elasticsearch", r)
	}
	for _, call := range []string{"POST /api/saved_objects/_import", "GET /api/saved_objects/dashboard/d", "DELETE /api/saved_objects/dashboard/d"} {
		if !slices.Contains(asked(), call) {
			t.Errorf("asked %v, want %s too", asked(), call)
		}
	}
	before := len(asked())
	KeepInKibana(t.Context(), p, oracle(t), 0)
	if slices.Contains(asked()[before:], "DELETE /api/saved_objects/dashboard/d") {
		t.Errorf("asked %v, want that it stays", asked()[before:])
	}
}
