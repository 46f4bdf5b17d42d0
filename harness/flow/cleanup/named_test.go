package cleanup

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/flow/pipeline"
)

// oneServer is a stack whose ports are all at one address.
type oneServer string

func (s oneServer) Addr(string, string) string { return string(s) }
func (s oneServer) Peer(string, string) string { return string(s) }

// noKafka is a stack without Kafka, whose other ports are all at one address.
type noKafka string

func (s noKafka) Addr(component, _ string) string {
	if component == "kafka" {
		return ""
	}
	return string(s)
}

func (s noKafka) Peer(string, string) string { return string(s) }

// TestRemoveNamed removes what begins with the run's name and "-", and nothing else,
// even if a server lists more than was asked for.
func TestRemoveNamed(t *testing.T) {
	var removed []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodDelete:
			removed = append(removed, r.URL.Path)
			fmt.Fprint(w, "{}")
		case r.URL.Path == "/connectors":
			fmt.Fprint(w, `["mqtt-source-smart_a-2", "mqtt-source-smart_a", "mqtt-source-smart_ab", "foreign"]`)
		case r.URL.Path == "/datuak_a-*/_alias":
			fmt.Fprint(w, `{"datuak_a-x": {}, "datuak_a-2023.11": {}, "datuak_a": {}, "datuak_ab": {}, "foreign": {}}`)
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer server.Close()
	p := pipeline.Pipeline{Sites: noKafka(strings.TrimPrefix(server.URL, "http://")), Names: pipeline.NewNames("a")}
	if err := RemoveNamed(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	slices.Sort(removed)
	if want := []string{"/connectors/mqtt-source-smart_a-2", "/datuak_a-2023.11", "/datuak_a-x"}; !slices.Equal(removed, want) {
		t.Errorf("removed %v, want %v", removed, want)
	}
	p.Names.Index = "other"
	if err := RemoveNamed(t.Context(), p); err == nil || !strings.Contains(err.Error(), "418") {
		t.Errorf("an answer that is none: %v", err)
	}
	if err := RemoveNamed(t.Context(), pipeline.Pipeline{Sites: oneServer(""), Names: pipeline.NewNames("a")}); err != nil {
		t.Errorf("without any server: %v", err)
	}
}
