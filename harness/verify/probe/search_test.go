package probe

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/server/access"
)

// answering answers each path; what was asked of it is noted.
func answering(t *testing.T, answers map[string]string) (*Elastic, *[]string) {
	t.Helper()
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Path+" "+string(body))
		answer, known := answers[r.URL.Path]
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		if !known {
			w.WriteHeader(http.StatusNotFound)
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(server.Close)
	e, err := NewElastic(server.Listener.Addr().String(), access.Login{}, "datuak")
	if err != nil {
		t.Fatal(err)
	}
	return e, &asked
}

func TestSeqs(t *testing.T) {
	e, asked := answering(t, map[string]string{"/datuak/_search": `{"hits":{"hits":[{"fields":{"seq":[7]}},{"fields":{"seq":[5]}}]}}`})
	got, err := e.Seqs(t.Context(), 5)
	if err != nil || !reflect.DeepEqual(got, []int64{7, 5}) {
		t.Errorf("Seqs = %v, %v", got, err)
	}
	if len(*asked) != 1 || !strings.Contains((*asked)[0], `{"gte":5}`) {
		t.Errorf("it asked %q, and may refresh nothing", *asked)
	}
	none, _ := answering(t, map[string]string{"/datuak/_search": `{}`})
	if got, err := none.Seqs(t.Context(), 1); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
	absent, _ := answering(t, nil)
	if _, err := absent.Seqs(t.Context(), 1); err == nil || !strings.Contains(err.Error(), "search index") {
		t.Errorf("an error's answer: %v", err)
	}
}

func TestRefreshInterval(t *testing.T) {
	for answer, want := range map[string]string{
		`{"datuak":{"settings":{"index":{"uuid":"x"}},"defaults":{"index":{"refresh_interval":"1s"}}}}`:              "1s",
		`{"datuak":{"settings":{"index":{"refresh_interval":"5s"}},"defaults":{"index":{"refresh_interval":"1s"}}}}`: "5s",
	} {
		e, _ := answering(t, map[string]string{"/datuak/_settings": answer})
		if got, err := e.RefreshInterval(t.Context()); err != nil || got != want {
			t.Errorf("%s: %q, %v", answer, got, err)
		}
	}
	e, _ := answering(t, map[string]string{"/datuak/_settings": `{"datuak":{"settings":{"index":{}}}}`})
	if _, err := e.RefreshInterval(t.Context()); err == nil {
		t.Error("an answer without an interval: got no error")
	}
}

// TestNoAnswer: a server that is busy with somebody's query is named as such.
func TestNoAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	e, err := newElastic(server.Listener.Addr().String(), access.Login{}, "datuak", 50*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Visible(t.Context()); err == nil || !strings.HasSuffix(err.Error(), ": no answer in 50ms") {
		t.Error(err)
	}
}
