package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Grafana keeps data sources and dashboards as Grafana's HTTP API does. Source:
// Grafana's manual, "HTTP API reference". Its hooks are for tests.
type Grafana struct {
	Version, Database string
	Sources           map[string]map[string]any // by uid
	Dashboards        map[string]map[string]any
	// Keep changes a dashboard that is to be kept.
	Keep func(dashboard map[string]any)
	// Query answers the body of /api/ds/query.
	Query func(body map[string]any) (status int, answer any)
	// Guard answers a request in place of the server, if it returns true.
	Guard func(w http.ResponseWriter, r *http.Request) bool

	anonymous bool // whoever comes is let in
	mu        sync.Mutex
}

// NewGrafana returns one that everybody may use, and that sends queries to the data
// sources' Elasticsearch.
func NewGrafana(version string) *Grafana {
	g := &Grafana{Version: version, Database: "ok", Sources: map[string]map[string]any{}, Dashboards: map[string]map[string]any{}, anonymous: true}
	g.Keep, g.Query = func(map[string]any) {}, g.search
	g.Guard = func(w http.ResponseWriter, r *http.Request) bool {
		refused := !g.anonymous && r.URL.Path != "/api/health"
		if refused {
			reply(w, http.StatusUnauthorized, object{"message": "Unauthorized"})
		}
		return refused
	}
	return g
}

// Handler returns the server.
func (g *Grafana) Handler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, answer func(r *http.Request, body map[string]any) (status int, answer any)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.Guard(w, r) {
				return
			}
			var body map[string]any
			json.NewDecoder(r.Body).Decode(&body)
			status, v := answer(r, body)
			reply(w, status, v)
		})
	}
	handle("GET /", func(*http.Request, map[string]any) (int, any) {
		return http.StatusOK, "This stands in for Grafana, and draws nothing.\n"
	})
	handle("GET /api/health", func(*http.Request, map[string]any) (int, any) {
		return http.StatusOK, object{"version": g.Version, "database": g.Database}
	})
	handle("GET /api/search", g.find)
	handle("GET /api/dashboards/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(g.Dashboards[r.PathValue("id")], func(d map[string]any) any { return object{"dashboard": d, "meta": object{}} })
	})
	handle("POST /api/dashboards/db", g.putDashboard)
	handle("DELETE /api/dashboards/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(g.Dashboards[r.PathValue("id")], func(map[string]any) any { delete(g.Dashboards, r.PathValue("id")); return nil })
	})
	handle("GET /api/datasources/uid/{id}", func(r *http.Request, _ map[string]any) (int, any) {
		return one(g.Sources[r.PathValue("id")], func(s map[string]any) any { return s })
	})
	handle("PUT /api/datasources/uid/{id}", func(r *http.Request, body map[string]any) (int, any) {
		if g.Sources[r.PathValue("id")]["readOnly"] == true {
			return http.StatusForbidden, object{"message": "Cannot update read-only data source"}
		}
		g.Sources[r.PathValue("id")] = body
		return http.StatusOK, body
	})
	handle("POST /api/datasources", func(_ *http.Request, body map[string]any) (int, any) {
		g.addSource(body)
		return http.StatusOK, object{"id": body["id"]}
	})
	handle("DELETE /api/datasources/name/{name}", func(r *http.Request, _ map[string]any) (int, any) {
		for uid, s := range g.Sources {
			if s["name"] == r.PathValue("name") {
				delete(g.Sources, uid)
				return http.StatusOK, nil
			}
		}
		return http.StatusNotFound, nil
	})
	handle("POST /api/ds/query", func(_ *http.Request, body map[string]any) (int, any) { return g.Query(body) })
	return mux
}

func one(v map[string]any, show func(map[string]any) any) (int, any) {
	if v == nil {
		return http.StatusNotFound, object{"message": "not found"}
	}
	return http.StatusOK, show(v)
}

func (g *Grafana) putDashboard(_ *http.Request, body map[string]any) (int, any) {
	d, _ := body["dashboard"].(map[string]any)
	uid := fmt.Sprint(d["uid"])
	if _, there := g.Dashboards[uid]; d == nil || there && body["overwrite"] != true {
		return http.StatusPreconditionFailed, object{"message": "the dashboard is there"}
	}
	g.Keep(d)
	g.Dashboards[uid] = d
	return http.StatusOK, object{"uid": uid, "status": "success"}
}

func (g *Grafana) addSource(source object) {
	source["id"], source["version"] = len(g.Sources)+1, 1
	g.Sources[fmt.Sprint(source["uid"])] = source
}

// addDashboards takes each JSON file of a folder.
func (g *Grafana) addDashboards(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var d map[string]any
		if err := json.Unmarshal(text, &d); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		g.Dashboards[fmt.Sprint(d["uid"])] = d
	}
	return nil
}

func (g *Grafana) find(r *http.Request, _ map[string]any) (int, any) {
	list := []object{}
	for uid, d := range g.Dashboards {
		title := fmt.Sprint(d["title"])
		if strings.Contains(strings.ToLower(title), strings.ToLower(r.URL.Query().Get("query"))) {
			list = append(list, object{"uid": uid, "title": title, "url": "/d/" + uid, "type": "dash-db"})
		}
	}
	return http.StatusOK, list
}
