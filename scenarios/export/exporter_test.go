package export

import (
	"context"
	"strings"
	"testing"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/scenario"
)

// startExporter starts hoplab's own exporter. end stops it, and fails the test if that
// fails.
func startExporter(t *testing.T, p pipeline.Pipeline) (e *exporter.Exporter, end func()) {
	t.Helper()
	e, err := exporter.New(p.ExporterConfig())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	return e, func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// TestExporter: hoplab's own exporter writes what Flink otherwise does, with a message
// between the rows that isn't one; started again, it continues where it was.
func TestExporter(t *testing.T) {
	s := scenario.Need(t, "mosquitto", "kafka", "elasticsearch")
	p := s.Pipeline()
	input, oracle := scenario.Rows(t, 6, 800)
	scenario.Fill(t, p, input, 800)
	scenario.Bridge(t, p)
	scenario.PublishRaw(t, p, []byte("no row"))
	scenario.Await(t, p.KafkaProbe().Count, 801)
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, end := startExporter(t, p)
	committed := func(e *exporter.Exporter) func(context.Context) (int64, error) {
		return func(context.Context) (int64, error) { return e.Stats().Committed, e.Trouble() }
	}
	scenario.Await(t, committed(e), 801)
	end()
	if got := e.Stats(); got.Written != 800 || got.Rejected != 1 || got.Committed != 801 {
		t.Errorf("stats = %+v, %v", got, e.Trouble())
	}
	elastic, err := p.ElasticProbe()
	if err != nil {
		t.Fatal(err)
	}
	scenario.Passed(t, elastic.Check(t.Context(), oracle))
	rejected(t, p)

	e, end = startExporter(t, p)
	scenario.PublishRaw(t, p, []byte("neither"))
	scenario.Await(t, committed(e), 1)
	end()
	if got := e.Stats(); got.Read != 1 || got.Rejected != 1 {
		t.Errorf("started again: %+v; want it to go on where it was", got)
	}
}

// rejected looks at the topic of messages that aren't rows.
func rejected(t *testing.T, p pipeline.Pipeline) {
	t.Helper()
	aside := p.KafkaProbe()
	aside.Name = p.ExporterConfig().Rejected
	records, err := aside.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1 || string(records[0].Value) != "no row" {
		t.Fatalf("the topic %q holds %v", aside.Name, records)
	}
	said := map[string]string{}
	for _, h := range records[0].Headers {
		said[h.Key] = string(h.Value)
	}
	if said[topic.ErrorHeader] == "" || !strings.HasPrefix(said[exporter.OriginHeader], p.Names.Topic+"/") {
		t.Errorf("headers = %v", said)
	}
}
