// Package scale has the tests of what outgrows one server: the pipeline on a small
// cluster of three nodes of Kafka, two TaskManagers of Flink and two nodes of
// Elasticsearch. docs/scale.md says what each hop scales by.
package scale

import (
	"bytes"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/labs"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// second is one node of each cluster.
var second = []string{"kafka-2", "flink-taskmanager-2", "elasticsearch-2"}

const rows = 8000

// TestANodeOfEachIsKilled: while rows flow, one node of Kafka, of Flink and of
// Elasticsearch is killed and doesn't come back. Every row gets to each hop all the
// same, and none is in Elasticsearch twice.
func TestANodeOfEachIsKilled(t *testing.T) {
	needed := slices.Concat([]string{"mosquitto", "kafka-3"}, scenario.Core, second)
	s := scenario.Own(t, version.Cluster, needed...)
	p := s.Pipeline()
	p.Files, p.Scale = clustered(t), pipeline.Scale{Parallel: 2, Shards: 2}
	input, _ := scenario.Rows(t, 21, rows)
	ledger, err := wisdm.ReadLedger(t.Context(), input, wisdm.DefaultBase, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	rate, err := publish.ParseRate("800/s")
	if err != nil {
		t.Fatal(err)
	}
	killing := sync.OnceFunc(func() {
		spread(t, p)
		for _, name := range second {
			if err := s.Run().Client.Do(t.Context(), keeper.Kill, name); err != nil {
				t.Errorf("kill %s: %v", name, err)
			}
		}
		t.Logf("%s one node of each is killed", time.Now().Format("15:04:05"))
	})
	killed := make(chan struct{})
	var once sync.Once
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{
		Input: input, Ledger: ledger, Base: wisdm.DefaultBase, QoS: 1, Rate: rate,
		Report: func(name string, n int64) {
			if name == hop.Kafka && n >= rows/4 {
				once.Do(func() { go func() { defer close(killed); killing() }() })
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	<-killed
	for _, r := range results {
		scenario.Passed(t, r)
	}
}

// clustered are our solutions, with a replica of each shard.
func clustered(t *testing.T) pipeline.Files {
	return func(lab, name string) (string, []byte, error) {
		label, text, err := labs.Solution(lab, name)
		if name == "index-template.json" {
			one := bytes.Replace(text, []byte(`"number_of_replicas": 0`), []byte(`"number_of_replicas": 1`), 1)
			if bytes.Equal(one, text) {
				t.Errorf("%s doesn't set the number of replicas", label)
			}
			text = one
		}
		return label, text, err
	}
}

// spread fails the test unless the nodes that are about to be killed have work.
func spread(t *testing.T, p pipeline.Pipeline) {
	var flink struct {
		TaskManagers []struct{ SlotsNumber, FreeSlots int }
	}
	ask(t, p.Sites.Addr("flink-jobmanager", "rest"), "/taskmanagers", &flink)
	for _, m := range flink.TaskManagers {
		if m.FreeSlots == m.SlotsNumber {
			t.Errorf("a TaskManager has no task: %+v", flink.TaskManagers)
		}
	}
	var shards []struct{ Node, State string }
	ask(t, p.Elasticsearch(), "/_cat/shards/"+p.Names.Index+"?format=json", &shards)
	nodes := map[string]bool{}
	for _, s := range shards {
		nodes[s.Node] = s.State == "STARTED"
	}
	if len(shards) != 4 {
		t.Errorf("%d shards, want two and a replica of each: %+v", len(shards), shards)
	}
	if !nodes["elasticsearch"] || !nodes["elasticsearch-2"] {
		t.Errorf("the shards aren't on both nodes: %+v", shards)
	}
	if n, err := p.Brokers(t.Context()); err != nil || n != 3 {
		t.Errorf("Kafka has %d brokers, %v", n, err)
	}
}

func ask(t *testing.T, addr, path string, v any) {
	if err := httpjson.Do(t.Context(), http.DefaultClient, httpjson.Request{URL: "http://" + addr + path}, v); err != nil {
		t.Error(err)
	}
}
