package grafana

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// fake stands in for Grafana: it keeps data sources and dashboards as Grafana's HTTP API
// says, and answers queries with a text.
type fake struct {
	addr, version, database string
	authorization           string                            // the only one that is let in; "" for any
	answer                  func(query map[string]any) string // to one query
	forbidden               string                            // what it says to each request, unless empty
	refusal                 int                               // the status of that
	keep                    func(dashboard map[string]any)    // what it changes
	labels                  bool                              // series have labels, as before Grafana 10.3

	mu         sync.Mutex
	calls      []string
	sources    map[string]map[string]any // by uid
	dashboards map[string]map[string]any
	query      map[string]any
}

func newFake(t *testing.T) *fake {
	f := &fake{version: "12.3.1", refusal: http.StatusForbidden, keep: func(map[string]any) {}, database: "ok", sources: map[string]map[string]any{}, dashboards: map[string]map[string]any{}}
	server := httptest.NewServer(f.handler())
	t.Cleanup(server.Close)
	f.addr = strings.TrimPrefix(server.URL, "http://")
	return f
}

func (f *fake) handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, answer func(r *http.Request, body map[string]any) (status int, answer any)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.calls = append(f.calls, r.Method+" "+r.URL.Path)
			if f.authorization != "" && r.Header.Get("Authorization") != f.authorization {
				w.WriteHeader(http.StatusUnauthorized)
				fmt.Fprint(w, `{"message": "Unauthorized"}`)
				return
			}
			if f.forbidden != "" {
				w.WriteHeader(f.refusal)
				json.NewEncoder(w).Encode(map[string]string{"message": f.forbidden})
				return
			}
			var body map[string]any
			text, _ := io.ReadAll(r.Body)
			json.Unmarshal(text, &body)
			status, v := answer(r, body)
			w.WriteHeader(status)
			if raw, is := v.(string); is {
				fmt.Fprint(w, raw)
				return
			}
			json.NewEncoder(w).Encode(v)
		})
	}
	handle("GET /api/health", func(*http.Request, map[string]any) (int, any) {
		return 200, map[string]any{"version": f.version, "database": f.database}
	})
	handle("GET /api/search", f.search)
	handle("GET /api/dashboards/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(f.dashboards[r.PathValue("id")], func(d map[string]any) any { return map[string]any{"dashboard": d, "meta": map[string]any{}} })
	})
	handle("POST /api/dashboards/db", func(_ *http.Request, body map[string]any) (int, any) {
		d := body["dashboard"].(map[string]any)
		if _, there := f.dashboards[d["uid"].(string)]; there && body["overwrite"] != true {
			return 412, map[string]any{"message": "the dashboard is there"}
		}
		f.keep(d)
		f.dashboards[d["uid"].(string)] = d
		return 200, map[string]any{"uid": d["uid"], "status": "success"}
	})
	handle("DELETE /api/dashboards/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(f.dashboards[r.PathValue("id")], func(map[string]any) any { delete(f.dashboards, r.PathValue("id")); return nil })
	})
	handle("GET /api/datasources/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(f.sources[r.PathValue("id")], func(s map[string]any) any { return s })
	})
	handle("PUT /api/datasources/uid/{id}", func(r *http.Request, body map[string]any) (int, any) {
		f.sources[r.PathValue("id")] = body
		return 200, body
	})
	handle("POST /api/datasources", func(_ *http.Request, body map[string]any) (int, any) {
		body["id"], body["version"] = len(f.sources)+1, 1
		f.sources[body["uid"].(string)] = body
		return 200, map[string]any{"id": body["id"]}
	})
	handle("DELETE /api/datasources/name/{name}", func(r *http.Request, _ map[string]any) (int, any) {
		for uid, s := range f.sources {
			if s["name"] == r.PathValue("name") {
				delete(f.sources, uid)
				return 200, nil
			}
		}
		return 404, nil
	})
	handle("POST /api/ds/query", func(_ *http.Request, body map[string]any) (int, any) {
		f.query = body
		return 200, f.answer(body["queries"].([]any)[0].(map[string]any))
	})
	return mux
}

func one(v map[string]any, show func(map[string]any) any) (int, any) {
	if v == nil {
		return 404, map[string]any{"message": "not found"}
	}
	return 200, show(v)
}

func (f *fake) search(r *http.Request, _ map[string]any) (int, any) {
	list := []map[string]any{}
	for uid, d := range f.dashboards {
		if strings.Contains(d["title"].(string), r.URL.Query().Get("query")) {
			list = append(list, map[string]any{"uid": uid, "title": d["title"], "url": "/d/" + uid, "type": "dash-db"})
		}
	}
	return 200, list
}
