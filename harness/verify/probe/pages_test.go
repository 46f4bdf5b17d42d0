package probe

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"hoplab.example/harness/server/access"
)

// scrolled is an Elasticsearch of three pages of two documents each. After
// broken pages, if not 0, it answers with an error.
func scrolled(t *testing.T, broken int64) (e *Elastic, cleared *atomic.Int64) {
	t.Helper()
	var pages int64 // the probe asks one after the other
	cleared = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodDelete {
			cleared.Add(1)
			return
		}
		if pages++; pages == broken {
			http.Error(w, `{"error":{"reason":"no such scroll"}}`, http.StatusNotFound)
			return
		}
		var hits []string
		for i := range int64(2) {
			if pages <= 3 {
				hits = append(hits, fmt.Sprintf(`{"_id":"%d"}`, 2*pages-1+i))
			}
		}
		fmt.Fprintf(w, `{"_scroll_id":"s","hits":{"hits":[%s]}}`, strings.Join(hits, ","))
	}))
	t.Cleanup(server.Close)
	e, err := NewElastic(strings.TrimPrefix(server.URL, "http://"), access.Login{}, "datuak")
	if err != nil {
		t.Fatal(err)
	}
	return e, cleared
}

func TestEachPage(t *testing.T) {
	stop := errors.New("enough")
	for name, c := range map[string]struct {
		broken int64
		visit  error
		want   []string
		err    string
	}{
		"all":           {0, nil, []string{"1", "2", "3", "4", "5", "6"}, ""},
		"the third bad": {3, nil, []string{"1", "2", "3", "4"}, "no such scroll"},
		"stopped":       {0, stop, []string{"1", "2"}, "enough"},
	} {
		e, cleared := scrolled(t, c.broken)
		var seen []string
		err := e.eachPage(t.Context(), "", func(p page) error {
			for _, d := range p.appendTo(nil) {
				seen = append(seen, d.ID)
			}
			return c.visit
		})
		if !slices.Equal(seen, c.want) || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: saw %v, %v; want %v, %q", name, seen, err, c.want, c.err)
		}
		if cleared.Load() != 1 {
			t.Errorf("%s: the scroll was given back %d times, want once", name, cleared.Load())
		}
	}
}
