package dashboard

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// fakeAt answers as neither Elasticsearch nor Grafana would: every path with the
// same text. It keeps what was asked.
func fakeAt(t *testing.T, text string) (p pipeline.Pipeline, asked func() []string) {
	t.Helper()
	var mu sync.Mutex
	var calls []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		calls = append(calls, r.Method+" "+r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/_refresh") || strings.HasSuffix(r.URL.Path, "/_count") {
			w.Header().Set("X-Elastic-Product", "Elasticsearch") // its client insists
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	return pipeline.Pipeline{Sites: everyAt(strings.TrimPrefix(server.URL, "http://")), Names: pipeline.NewNames("1")}, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return calls
	}
}

type everyAt string

func (e everyAt) Addr(string, string) string { return string(e) }
func (e everyAt) Peer(string, string) string { return string(e) }

func oracle(t *testing.T) *wisdm.Oracle {
	t.Helper()
	o, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: 100}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestCheckGrafanaEndsEarly(t *testing.T) {
	old, _ := fakeAt(t, `{"version": {"number": "7.6.0"}}`)
	gone := pipeline.Pipeline{Sites: everyAt("127.0.0.1:1")}
	for name, c := range map[string]struct {
		result  hop.Result
		outcome hop.Outcome
		want    string
	}{
		"too old":        {CheckGrafana(t.Context(), old, oracle(t)), hop.Error, "unknown product"},
		"nobody answers": {CheckGrafana(t.Context(), gone, oracle(t)), hop.Error, "127.0.0.1:1"},
		"no files":       {CheckGrafanaFiles(t.Context(), old, fstest.MapFS{}, oracle(t), provisioning.Options{Name: "mine"}), hop.Failed, "mine has no data source"},
		"no Grafana":     {CheckInGrafana(t.Context(), gone, oracle(t)), hop.Error, "Grafana at 127.0.0.1:1"},
	} {
		if r := c.result; r.Hop != hop.Grafana || r.Outcome != c.outcome || r.Expected != 100 || !strings.Contains(r.Detail, c.want) {
			t.Errorf("%s: %+v, want %s with %q", name, r, c.outcome, c.want)
		}
	}
}

func TestJudged(t *testing.T) {
	for want, problems := range map[hop.Outcome][]string{hop.Passed: nil, hop.Failed: {"panel 1: x is 2", "panel 2: no data"}} {
		got := judged(2, 99, problems, oracle(t))
		if got.Hop != hop.Grafana || got.Outcome != want || got.Expected != 100 || got.Actual != 99 || !strings.Contains(got.Detail, strings.Join(problems, "\n")) {
			t.Errorf("with %q: %+v, want %s", problems, got, want)
		}
	}
}

// TestCheckInGrafanaRemoves: whatever the result of a check, what it has installed
// is removed.
func TestCheckInGrafanaRemoves(t *testing.T) {
	board, err := fs.ReadFile(shipped.Files(), "dashboards/hoplab.json")
	if err != nil {
		t.Fatal(err)
	}
	p, asked := fakeAt(t, `{"database": "ok", "dashboard": `+string(board)+`, "results": {"A": {"error": "no such index"}}}`)
	result := CheckInGrafana(t.Context(), p, oracle(t))
	if result.Outcome != hop.Error || !strings.Contains(result.Detail, "no such index") || !strings.Contains(result.Detail, "answers are read as Grafana 10.1 and 12.2 give them") {
		t.Errorf("result %+v", result)
	}
	for _, call := range []string{"POST /api/dashboards/db", "DELETE /api/dashboards/uid/hoplab" + grafanaSuffix(p), "DELETE /api/datasources/name/datuak" + grafanaSuffix(p)} {
		if !slices.Contains(asked(), call) {
			t.Errorf("asked %v, want %s too", asked(), call)
		}
	}
}

// TestEmptyAnswers: a server that answers 200 with nothing is an error that says which
// and what was asked.
func TestEmptyAnswers(t *testing.T) {
	p, _ := fakeAt(t, "")
	for want, r := range map[string]hop.Result{
		"Kibana at " + string(p.Sites.(everyAt)):  CheckInKibana(ended(t), p, oracle(t)),
		"Grafana at " + string(p.Sites.(everyAt)): CheckInGrafana(t.Context(), p, oracle(t)),
	} {
		if r.Outcome != hop.Error || !strings.Contains(r.Detail, want) {
			t.Errorf("%+v, want an error with %q", r, want)
		}
	}
}

// ended is a context that ends soon: Kibana's readiness is waited for.
func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
