package pipeline

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// oneSite is a stack whose ports are all at one address.
type oneSite string

func (s oneSite) Addr(string, string) string { return string(s) }
func (s oneSite) Peer(string, string) string { return string(s) }

// fakeElastic answers PUT as an Elasticsearch that has some template APIs, and keeps
// what it is sent.
func fakeElastic(t *testing.T, answers map[string]int) (Pipeline, map[string]string) {
	t.Helper()
	sent := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent[r.Method+" "+r.URL.Path] = string(body)
		w.WriteHeader(answers[r.URL.Path])
		io.WriteString(w, "an answer")
	}))
	t.Cleanup(server.Close)
	return Pipeline{Sites: oneSite(server.Listener.Addr().String()), Names: NewNames("")}, sent
}

func TestPutTemplate(t *testing.T) {
	const composable, legacy = "/_index_template/datuak", "/_template/datuak"
	cases := []struct {
		name    string
		answers map[string]int
		puts    int
		want    string
	}{
		{"7.8 and later", map[string]int{composable: 200}, 1, ""},
		{"before 7.8", map[string]int{composable: 405, legacy: 200}, 2, ""},
		{"refuses both", map[string]int{composable: 405, legacy: 400}, 2, ": 400 Bad Request: an answer"},
		{"a wrong template", map[string]int{composable: 400, legacy: 200}, 1, "400 Bad Request"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, sent := fakeElastic(t, c.answers)
			err := p.PutTemplate(t.Context())
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
			if len(sent) != c.puts || sent["PUT "+composable] == "" {
				t.Errorf("Elasticsearch was sent %v", sent)
			}
		})
	}
}

// TestLegacyTemplate: the older kind has the same patterns and mapping.
func TestLegacyTemplate(t *testing.T) {
	p, sent := fakeElastic(t, map[string]int{"/_index_template/datuak": 405, "/_template/datuak": 200})
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var newer struct {
		Patterns any `json:"index_patterns"`
		Template struct{ Settings, Mappings any }
	}
	var older struct {
		Patterns           any `json:"index_patterns"`
		Order              int
		Settings, Mappings any
	}
	if err := json.Unmarshal([]byte(sent["PUT /_index_template/datuak"]), &newer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(sent["PUT /_template/datuak"]), &older); err != nil {
		t.Fatal(err)
	}
	if older.Order != 500 || older.Mappings == nil || !reflect.DeepEqual(
		[]any{older.Patterns, older.Settings, older.Mappings}, []any{newer.Patterns, newer.Template.Settings, newer.Template.Mappings}) {
		t.Errorf("of %+v came %+v", newer, older)
	}
}
