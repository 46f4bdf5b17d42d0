package standin

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/esversion"
)

// kibana keeps saved objects. Source: Kibana's guide 7.17, "Import objects API", "Get
// object API", "Delete object API", "Access the Kibana status page"; the texts are those
// that 7.17.6 gave.
type kibana struct {
	version, elasticsearch string
	login                  access.Login

	mu      sync.Mutex
	objects map[string]savedObject // by type/id
}

type reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

type savedObject struct {
	Type       string          `json:"type"`
	ID         string          `json:"id"`
	Attributes json.RawMessage `json:"attributes"`
	References []reference     `json:"references"`
	// MigrationVersion is by type, and TypeMigrationVersion in its place since 8.8.
	MigrationVersion     map[string]string `json:"migrationVersion,omitempty"`
	TypeMigrationVersion string            `json:"typeMigrationVersion,omitempty"`
}

func (o savedObject) key() string { return o.Type + "/" + o.ID }

func (k *kibana) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, "This stands in for Kibana, and draws nothing.\n")
	})
	mux.HandleFunc("GET /api/status", k.status)
	mux.HandleFunc("POST /api/saved_objects/_import", k.changed(k.imported))
	mux.HandleFunc("GET /api/saved_objects/{type}/{id}", func(w http.ResponseWriter, r *http.Request) { k.found(w, r, func(savedObject) {}) })
	mux.HandleFunc("DELETE /api/saved_objects/{type}/{id}", k.changed(func(w http.ResponseWriter, r *http.Request) {
		k.found(w, r, func(o savedObject) { delete(k.objects, o.key()) })
	}))
	return mux
}

// changed refuses a request without the header that keeps foreign pages out.
func (k *kibana) changed(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("kbn-xsrf") == "" {
			refuse(w, http.StatusBadRequest, "Request must contain a kbn-xsrf header.")
			return
		}
		next(w, r)
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	reply(w, status, object{"statusCode": status, "error": http.StatusText(status), "message": message})
}

// status asks Elasticsearch, which must be of the same major version and no older minor
// one. Source: esVersionCompatibleWithKibana of elastic/kibana.
func (k *kibana) status(w http.ResponseWriter, r *http.Request) {
	level, summary := "available", "All services are available"
	node, err := esversion.Ask(r.Context(), k.elasticsearch, k.login)
	own, _ := esversion.Parse(k.version)
	if its, _ := esversion.Parse(node.Version); err == nil && (its.Major != own.Major || its.Minor < own.Minor) {
		err = fmt.Errorf("the version of Elasticsearch is %s, and this is for %s", node.Version, k.version)
	}
	status := http.StatusOK
	if err != nil {
		status, level, summary = http.StatusServiceUnavailable, "critical", err.Error()
	}
	reply(w, status, object{
		"name": "stand-in", "version": object{"number": k.version},
		"status": object{"overall": object{"level": level, "summary": summary}},
	})
}

func (k *kibana) found(w http.ResponseWriter, r *http.Request, then func(savedObject)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key := r.PathValue("type") + "/" + r.PathValue("id")
	o, there := k.objects[key]
	if !there {
		refuse(w, http.StatusNotFound, "Saved object ["+key+"] not found")
		return
	}
	then(o)
	reply(w, http.StatusOK, o)
}

func (k *kibana) imported(w http.ResponseWriter, r *http.Request) {
	file, header, err := r.FormFile("file")
	if err != nil || !strings.HasSuffix(header.Filename, ".ndjson") {
		refuse(w, http.StatusBadRequest, "Invalid file extension")
		return
	}
	text, err := io.ReadAll(file)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	sent, status, problem := k.read(text)
	if problem != "" {
		refuse(w, status, problem)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	taken, errs := []object{}, []object{}
	for _, o := range sent {
		if lost := k.lost(o, sent); len(lost) > 0 {
			errs = append(errs, object{"type": o.Type, "id": o.ID, "meta": object{}, "error": object{"type": "missing_references", "references": lost}})
			continue
		}
		k.objects[o.key()] = o
		taken = append(taken, object{"type": o.Type, "id": o.ID})
	}
	answer := object{"success": len(errs) == 0, "successCount": len(taken), "successResults": taken}
	if len(errs) > 0 {
		answer["errors"] = errs
	}
	reply(w, http.StatusOK, answer)
}

// read returns the objects of an export, or why they are refused together.
func (k *kibana) read(text []byte) (sent []savedObject, status int, problem string) {
	own, err := esversion.Parse(k.version)
	if err != nil {
		return nil, http.StatusInternalServerError, err.Error()
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		var o savedObject
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			return nil, http.StatusBadRequest, err.Error()
		}
		if o.Type == "" {
			continue // the summary
		}
		if seen[o.key()] {
			return nil, http.StatusBadRequest, "Non-unique import objects detected: [" + o.Type + ":" + o.ID + "]"
		}
		seen[o.key()] = true
		written := cmp.Or(o.MigrationVersion[o.Type], o.TypeMigrationVersion)
		if strings.HasPrefix(written, "10.") { // of the type's model: any since 8.8 has one
			written = "8.8.0"
		}
		if v, err := esversion.Parse(written); err == nil && v.Compare(own) > 0 {
			return nil, http.StatusUnprocessableEntity, fmt.Sprintf(
				"Document %q has property %q which belongs to a more recent version of Kibana [%s]. The last known version is [%s]", o.ID, o.Type, written, k.version)
		}
		sent = append(sent, o)
	}
	return sent, 0, ""
}

// lost are the data views and searches that an object refers to and that are nowhere.
// Kibana takes a dashboard without its visualizations.
func (k *kibana) lost(o savedObject, sent []savedObject) (lost []reference) {
	for _, to := range o.References {
		if to.Type != "index-pattern" && to.Type != "search" {
			continue
		}
		_, there := k.objects[to.Type+"/"+to.ID]
		for _, other := range sent {
			there = there || other.Type == to.Type && other.ID == to.ID
		}
		if !there {
			lost = append(lost, reference{Type: to.Type, ID: to.ID})
		}
	}
	return lost
}
