package compat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/esversion"
	"hoplab.example/harness/server/keeper"
)

// fakeNode is Elasticsearch as far as its version and a few documents go. It is
// a fake: the real ones are in scenarios/compat.
type fakeNode struct {
	rootless, unknown bool // GET / is answered 405; no X-Elastic-Product
	count             int
	searchStatus      int
}

func (f fakeNode) serve(t *testing.T) *node {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		if f.rootless {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		fmt.Fprint(w, `{"version":{"number":"7.17.29"}}`)
	})
	mux.HandleFunc("/_nodes/_local", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"nodes":{"x":{"version":"8.19.21"}}}`)
	})
	mux.HandleFunc("/full/_count", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"count":%d}`, f.count) })
	mux.HandleFunc("/full/_search", func(w http.ResponseWriter, _ *http.Request) {
		if f.searchStatus != 0 {
			w.WriteHeader(f.searchStatus)
		}
		fmt.Fprint(w, `{"hits":{"hits":[{"_id":"1600_phone_accel_1"}]}}`)
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !f.unknown {
			w.Header().Set("X-Elastic-Product", "Elasticsearch")
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 1, Rows: 5}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	state := keeper.State{Components: map[string]*keeper.ComponentState{
		"elasticsearch-x": {Ports: map[string]string{"http": strings.TrimPrefix(server.URL, "http://")}},
	}}
	n := &node{Options: Options{State: state, Oracle: oracle}, component: "elasticsearch-x", written: "full"}
	asked, err := esversion.Ask(t.Context(), state.Addr("elasticsearch-x", "http"), access.Login{})
	if err != nil {
		t.Fatal(err)
	}
	n.Elasticsearch, n.rooted = asked.Version, asked.Rooted
	return n
}

func TestAskVersion(t *testing.T) {
	if n := (fakeNode{}).serve(t); n.Elasticsearch != "7.17.29" || !n.rooted {
		t.Errorf("%s, GET /: %v", n.Elasticsearch, n.rooted)
	}
	if n := (fakeNode{rootless: true}).serve(t); n.Elasticsearch != "8.19.21" || n.rooted {
		t.Errorf("without GET /: %s, %v", n.Elasticsearch, n.rooted)
	}
	mute := httptest.NewServer(http.NotFoundHandler())
	defer mute.Close()
	if _, err := esversion.Ask(t.Context(), strings.TrimPrefix(mute.URL, "http://"), access.Login{}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("error = %v", err)
	}
}

func TestReadWithClient(t *testing.T) {
	cases := []struct {
		name        string
		fake        fakeNode
		words, note string
	}{
		{"all is well", fakeNode{count: 5}, "", ""},
		{"no root handler", fakeNode{count: 5, rootless: true}, "", "405"},
		{"too old", fakeNode{count: 5, unknown: true}, "info: go-elasticsearch 8 takes the server for an unknown product", ""},
		{"a document is missing", fakeNode{count: 4}, "4 of 5 documents", ""},
		{"it can't search", fakeNode{count: 5, searchStatus: 500}, "search: 500", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cell := c.fake.serve(t).readWithClient(t.Context())
			if cell.Works != (c.words == "") || !strings.Contains(cell.Words, c.words) || !strings.Contains(cell.Note, c.note) {
				t.Errorf("cell = %+v", cell)
			}
		})
	}
	n := fakeNode{}.serve(t)
	n.written = ""
	if cell := n.readWithClient(t.Context()); cell.Works || !strings.Contains(cell.Words, "no writer") {
		t.Errorf("nothing written: %+v", cell)
	}
}

// TestGenuine: through it, the client reads a node that it otherwise refuses.
func TestGenuine(t *testing.T) {
	n := fakeNode{count: 5, unknown: true}.serve(t)
	addr, stop, err := serve(genuine(n.State.Addr("elasticsearch-x", "http")))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	n.State.Components["elasticsearch-x"].Ports["http"] = addr
	if cell := n.readWithClient(t.Context()); !cell.Works {
		t.Errorf("cell = %+v", cell)
	}
}

func TestSites(t *testing.T) {
	at := func(addr string) *keeper.ComponentState {
		return &keeper.ComponentState{Ports: map[string]string{"http": addr}, Peers: map[string]string{"http": addr + "/peer"}}
	}
	s := sites{State: keeper.State{Components: map[string]*keeper.ComponentState{"elasticsearch-8.6": at("a"), "kafka": at("k")}}, node: "elasticsearch-8.6"}
	if s.Addr("elasticsearch", "http") != "a" || s.Peer("elasticsearch", "http") != "a/peer" || s.Addr("kafka", "http") != "k" || s.Peer("kafka", "http") != "k/peer" {
		t.Errorf("sites = %+v", s)
	}
	s.proxy = "p"
	if s.Peer("elasticsearch", "http") != "p" || s.Addr("elasticsearch", "http") != "a" {
		t.Error("tasks write through the proxy, and programs on the host don't")
	}
	s.State.Components["flink-gateway"], s.State.Components["flink2-gateway"] = at("one"), at("two")
	if first := s.Addr("flink-gateway", "http"); first != "one" {
		t.Errorf("Flink is at %s", first)
	}
	if s.second = true; s.Addr("flink-gateway", "http") != "two" || s.Addr("kafka", "http") != "k" {
		t.Errorf("the second Flink is at %s", s.Addr("flink-gateway", "http"))
	}
}
