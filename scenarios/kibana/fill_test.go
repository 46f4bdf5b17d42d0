package kibana

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/client/elastic"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

// need returns the stack's Elasticsearch, for tests that write rows there directly.
func need(t *testing.T) pipeline.Pipeline {
	t.Helper()
	return scenario.Need(t, "elasticsearch").Pipeline()
}

// isoTime is the time format of lab 4's solution, sqlTime Flink's default.
const (
	isoTime = "2006-01-02T15:04:05.000Z07:00"
	sqlTime = "2006-01-02 15:04:05.000"
)

// fill creates the index template, and the rows as documents.
func fill(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row, layout string) {
	t.Helper()
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, p, rows, layout)
}

func put(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row, layout string) {
	t.Helper()
	var body bytes.Buffer
	lines := json.NewEncoder(&body)
	for _, r := range rows {
		lines.Encode(map[string]any{"index": map[string]any{"_id": r.ID()}})
		lines.Encode(map[string]any{
			"usid": r.Subject, "device": r.Device, "sensor": r.Sensor, "seq": r.Seq, "action": r.Activity, "ts": r.TS,
			"x": r.X, "y": r.Y, "z": r.Z, "@timestamp": r.Time.Format(layout),
		})
	}
	e := client(t, p)
	answer := said(t)(e.Bulk(&body, e.Bulk.WithContext(t.Context()), e.Bulk.WithIndex(p.Names.Index), e.Bulk.WithRefresh("true")))
	if strings.Contains(answer, `"errors":true`) {
		t.Fatalf("documents were refused: %.500s", answer)
	}
}

func client(t *testing.T, p pipeline.Pipeline) *elastic.API {
	t.Helper()
	e, err := elastic.NewAPI(p.Elasticsearch(), p.Access["elasticsearch"], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// said returns a function that fails the test unless Elasticsearch agrees.
func said(t *testing.T) func(*esapi.Response, error) string {
	return func(res *esapi.Response, err error) string {
		t.Helper()
		text, err := elastic.Body(res, err)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// withoutTemplate fills an index whose fields nobody has defined.
func withoutTemplate(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row) { put(t, p, rows, sqlTime) }

func empty(t *testing.T, p pipeline.Pipeline, _ []wisdm.Row) {
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := client(t, p)
	said(t)(e.Indices.Create(p.Names.Index, e.Indices.Create.WithContext(t.Context())))
}

func withPeak(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row) {
	changed := append([]wisdm.Row(nil), rows...)
	changed[7].X = 99.5
	fill(t, p, changed, isoTime)
}

func withOtherActivity(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row) {
	changed := append([]wisdm.Row(nil), rows...)
	changed[7].Activity = "Z"
	fill(t, p, changed, isoTime)
}

// check does what dashboard.CheckKibana does, with old replaced by new in the
// dashboard.
func check(t *testing.T, p pipeline.Pipeline, oracle *wisdm.Oracle, old, new string) hop.Result {
	t.Helper()
	_, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("the dashboard has no %s", old)
	}
	if old != "" {
		text = []byte(strings.ReplaceAll(string(text), old, new))
	}
	return dashboard.CheckKibanaFile(t.Context(), p, "d.ndjson", text, oracle)
}
