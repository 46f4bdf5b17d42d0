package standin

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/grafana"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestGrafanaSettings: the environment comes after the file, and arguments after both.
func TestGrafanaSettings(t *testing.T) {
	file := write(t, "grafana.ini", "[server]\n; a comment\nhttp_port = 1\n[paths]\ndata = file\nlogs = file\nplugins = file\n")
	s, err := readGrafanaSettings(
		[]string{"server", "--homepath", "/x", "--config", file, "cfg:paths.logs=argument"},
		[]string{"GF_PATHS_DATA=environment", "GF_PATHS_LOGS=environment"})
	if err != nil || s["server.http_port"] != "1" || s["paths.plugins"] != "file" || s["paths.data"] != "environment" || s["paths.logs"] != "argument" {
		t.Errorf("%v, %v", s, err)
	}
	for _, args := range [][]string{{"--config"}, {"--config", file + ".none"}, {"--config", file, "--zebra", "1"}, {"--config", write(t, "x", "[a]\nb")}} {
		if s, err := readGrafanaSettings(args, nil); err == nil {
			t.Errorf("%q: %v, want an error", args, s)
		}
	}
}

// TestProvision reads the shipped files, in the folder of the environment only.
func TestProvision(t *testing.T) {
	folder, empty := t.TempDir(), t.TempDir()
	if err := os.CopyFS(folder, grafana.Files()); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ELASTICSEARCH_HTTP", "es:9200")
	t.Setenv("HOPLAB_DASHBOARDS", filepath.Join(folder, "dashboards"))
	for _, c := range []struct {
		from string
		want int
	}{{folder, 1}, {empty, 0}} {
		g := NewGrafana("1")
		if err := g.provision(c.from); err != nil || len(g.Sources) != c.want || len(g.Dashboards) != c.want {
			t.Errorf("%d sources, %d dashboards, %v; want %d", len(g.Sources), len(g.Dashboards), err, c.want)
		}
		if c.want == 1 && g.Sources["datuak"]["url"] != "http://es:9200" {
			t.Errorf("the data source is %v", g.Sources["datuak"])
		}
	}
}

func TestKibanaSettings(t *testing.T) {
	t.Setenv("OWN_NAME", "k")
	s, err := readKibanaSettings([]string{"--config", write(t, "kibana.yml", "server.name: ${OWN_NAME}\nserver.port: 1\nelasticsearch.hosts: [\"http://es:9200\"]\n"), "--server.port=2"})
	if err != nil || s["server.name"] != "k" || s["server.port"] != "2" || s["elasticsearch.hosts"] != "http://es:9200" {
		t.Errorf("%v, %v", s, err)
	}
	for _, args := range [][]string{{"--config", write(t, "kibana.yml", "server.zebra: 1\n")}, {"--config", write(t, "kibana.yml", ""), "--server.zebra=1"}} {
		if _, err := readKibanaSettings(args); err == nil || !strings.Contains(err.Error(), "unknown configuration key") {
			t.Errorf("%q: %v", args, err)
		}
	}
}

const (
	view   = `{"type":"index-pattern","id":"v","attributes":{},"references":[]}` + "\n"
	chart  = `{"type":"visualization","id":"c","attributes":{},"migrationVersion":{"visualization":"7.17.0"},"references":[{"type":"index-pattern","id":"v","name":"n"}]}` + "\n"
	board  = `{"type":"dashboard","id":"d","attributes":{},"references":[{"type":"visualization","id":"none","name":"n"}]}` + "\n"
	counts = `{"exportedCount":2}` + "\n"
)

// TestKibanaVersions: 7.17.6 was available over 7.17.29; Kibana refuses an older minor
// version and another major one.
func TestKibanaVersions(t *testing.T) {
	for version, want := range map[string]int{"7.17.29": 200, "7.18.0": 200, "7.16.3": 503, "8.0.0": 503} {
		elastic := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"version":{"number":"`+version+`"}}`)
		}))
		defer elastic.Close()
		k := &kibana{version: "7.17.6", elasticsearch: strings.TrimPrefix(elastic.URL, "http://")}
		got := httptest.NewRecorder()
		k.status(got, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/status", nil))
		if got.Code != want {
			t.Errorf("over %s: %d, want %d: %s", version, got.Code, want, got.Body)
		}
	}
}

// TestKibanaImport: answers as 7.17.6 gave them.
func TestKibanaImport(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		status     int
		want       string
	}{
		"good":                 {"e.ndjson", view + chart + counts, 200, `"success":true,"successCount":2`},
		"no visualization":     {"e.ndjson", board, 200, `"success":true`},
		"no data view":         {"e.ndjson", chart, 200, `"missing_references"`},
		"newer":                {"e.ndjson", strings.Replace(chart, "7.17.0", "8.5.0", 1), 422, "more recent version of Kibana [8.5.0]"},
		"twice":                {"e.ndjson", view + view, 400, "Non-unique import objects detected: [index-pattern:v]"},
		"no JSON":              {"e.ndjson", "hello", 400, "invalid character"},
		"another kind of file": {"e.json", view, 400, "Invalid file extension"},
	} {
		t.Run(name, func(t *testing.T) {
			k := &kibana{version: "7.17.29", objects: map[string]savedObject{}}
			server := httptest.NewServer(k.handler())
			defer server.Close()
			var form bytes.Buffer
			parts := multipart.NewWriter(&form)
			part, _ := parts.CreateFormFile("file", c.file)
			io.WriteString(part, c.text)
			parts.Close()
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/saved_objects/_import", &form)
			req.Header.Set("Content-Type", parts.FormDataContentType())
			req.Header.Set("kbn-xsrf", "test")
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			text, _ := io.ReadAll(res.Body)
			if res.StatusCode != c.status || !strings.Contains(string(text), c.want) {
				t.Errorf("%s: %s, want %d with %s", res.Status, text, c.status, c.want)
			}
		})
	}
}
