package grafana

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/access/dial"
)

// documents says how rows are written into the index. The zero value writes them as
// the pipeline does.
type documents struct {
	untyped bool // without the index template, and with times that have a space
	missing int  // how many are omitted
	none    bool // the index is created and stays empty
}

// filled writes rows directly into an index.
func filled(t *testing.T, seed uint64, d documents) (pipeline.Pipeline, *wisdm.Oracle) {
	t.Helper()
	p := scenario.Need(t, "elasticsearch").Pipeline()
	_, oracle := rows(t, seed)
	fill(t, p, oracle, d)
	return p, oracle
}

func fill(t *testing.T, p pipeline.Pipeline, oracle *wisdm.Oracle, d documents) {
	t.Helper()
	if !d.untyped {
		if err := p.PutTemplate(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	login := p.Access["elasticsearch"]
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses: []string{dial.URL(login, p.Elasticsearch())}, Transport: dial.HTTP(login, time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := client.Indices.Create(p.Names.Index, client.Indices.Create.WithContext(t.Context()))
	if err != nil || res.IsError() {
		t.Fatalf("make the index: %v, %v", res, err)
	}
	res.Body.Close()
	if !d.none {
		d.write(t, client, p.Names.Index, oracle.Rows()[d.missing:])
	}
}

func (d documents) write(t *testing.T, client *elasticsearch.Client, index string, rows []wisdm.Row) {
	t.Helper()
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: client, Index: index, NumWorkers: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		item := esutil.BulkIndexerItem{Action: "index", DocumentID: row.ID(), Body: bytes.NewReader(d.document(t, row))}
		if err := indexer.Add(t.Context(), item); err != nil {
			t.Fatal(err)
		}
	}
	if err := indexer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := indexer.Stats().NumFailed; n > 0 {
		t.Fatalf("%d documents weren't taken", n)
	}
}

// document is a row as lab 4's job writes it.
func (d documents) document(t *testing.T, r wisdm.Row) []byte {
	t.Helper()
	at := r.Time.Format(wisdm.TimeLayout)
	if d.untyped {
		at = strings.NewReplacer("T", " ", "Z", "").Replace(at)
	}
	text, err := json.Marshal(map[string]any{
		"usid": r.Subject, "device": r.Device, "sensor": r.Sensor, "seq": r.Seq, "action": r.Activity, "ts": r.TS,
		"x": r.X, "y": r.Y, "z": r.Z, "@timestamp": at,
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
