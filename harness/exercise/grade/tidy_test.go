package grade

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/verify/hop"
)

// some is a stack with some components, all at one address.
type some struct {
	addr       string
	components []string
}

func (s some) Addr(component, port string) string {
	if slices.Contains(s.components, component) {
		return s.addr
	}
	return ""
}

func (s some) Peer(component, port string) string { return s.Addr(component, port) }

// TestJobsEndBeforeIndicesGo: a job that still runs would make its indices again.
func TestJobsEndBeforeIndicesGo(t *testing.T) {
	var did []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPatch, r.Method == http.MethodDelete:
			did = append(did, r.Method+" "+r.URL.Path)
			fmt.Fprint(w, "{}")
		case r.URL.Path == "/jobs/overview":
			state := "RUNNING"
			if slices.Contains(did, "PATCH /jobs/7") {
				state = "CANCELED"
			}
			fmt.Fprintf(w, `{"jobs": [{"jid": "7", "name": "export datuak_a", "state": %q}]}`, state)
		case strings.HasSuffix(r.URL.Path, "_alias"):
			fmt.Fprint(w, `{"datuak_a-x": {}}`)
		default:
			fmt.Fprint(w, "{}")
		}
	}))
	defer server.Close()
	a := of(t, hop.Elasticsearch, "export.sql", "")
	a.ours.Sites = some{strings.TrimPrefix(server.URL, "http://"), []string{"flink-jobmanager", "elasticsearch"}}
	if err := a.remove(); err != nil {
		t.Fatal(err)
	}
	if len(did) < 3 || did[0] != "PATCH /jobs/7" || !slices.Contains(did, "DELETE /datuak_a-x") || !slices.Contains(did, "DELETE /datuak_a") {
		t.Errorf("did %q, want that the job ends first", did)
	}
}

// TestClientsOfConnectors: the broker is to forget each name that a connector of the
// student's has had, and nobody else's.
func TestClientsOfConnectors(t *testing.T) {
	for text, want := range map[string][]string{
		"clientId=${client}&cleanSession=false":   nil, // which is removed anyway
		"clientId=${client}-2&cleanSession=false": {"-2"},
		"clientId=hoplab-bridge-smart_b&qos=1":    nil,
	} {
		url := "paho:${source}?brokerUrl=tcp://${mqtt}&qos=1&" + text
		a := of(t, hop.Kafka, "camel-mqtt.json", `{"connector.class": "org.apache.camel.kafkaconnector.CamelSourceConnector", "topics": "${topic}", "camel.source.url": "`+url+`"}`)
		a.ours.Sites = nowhere{}
		var ids []string
		for _, id := range want {
			ids = append(ids, a.student.Params()["client"]+id)
		}
		if got := a.clients(); !slices.Equal(got, ids) {
			t.Errorf("%s: %q, want %q", text, got, ids)
		}
	}
}

// TestStays: what an attempt has started ends with it, while what it has made on the
// servers stays until it is removed.
func TestStays(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked++; fmt.Fprint(w, "{}") }))
	defer server.Close()
	a := of(t, hop.Elasticsearch, "export.sql", "")
	a.ours.Sites = some{strings.TrimPrefix(server.URL, "http://"), []string{"elasticsearch"}}
	ended, remove := false, func() error { return nil }
	a.undo = append(a.undo, func() { ended = true })
	a.Stays = func(f func() error) { remove = f }
	if a.tidy(); !ended || asked != 0 {
		t.Errorf("ended: %v; %d requests", ended, asked)
	}
	if err := remove(); err != nil || asked == 0 {
		t.Errorf("removed: %v; %d requests", err, asked)
	}
}
