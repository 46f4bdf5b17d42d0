package grafana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/elastic"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
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
	client, err := elastic.NewAPI(p.Elasticsearch(), p.Access["elasticsearch"], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := elastic.Body(client.Indices.Create(p.Names.Index, client.Indices.Create.WithContext(t.Context()))); err != nil {
		t.Fatalf("make the index: %v", err)
	}
	if !d.none {
		d.write(t, client, p.Names.Index, oracle.Rows()[d.missing:])
	}
}

func (d documents) write(t *testing.T, client *elastic.API, index string, rows []wisdm.Row) {
	t.Helper()
	var body bytes.Buffer
	for _, row := range rows {
		fmt.Fprintf(&body, "{\"index\":{\"_id\":%q}}\n%s\n", row.ID(), d.document(t, row))
	}
	answer, err := elastic.Body(client.Bulk(&body, client.Bulk.WithContext(t.Context()), client.Bulk.WithIndex(index)))
	if err != nil || bytes.Contains(answer, []byte(`"errors":true`)) {
		t.Fatalf("documents weren't taken: %v: %.500s", err, answer)
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
