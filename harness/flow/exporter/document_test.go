package exporter

import (
	"testing"

	"github.com/segmentio/kafka-go"
)

// TestPlain: by default any JSON is its own document, and what isn't JSON has none.
func TestPlain(t *testing.T) {
	cfg, err := Config{Kafka: []string{"k:1"}, Elasticsearch: "e:1"}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	e := &Exporter{cfg: cfg}
	written, rejected := e.sorted([]kafka.Message{
		{Topic: "orders", Partition: 2, Offset: 7, Value: []byte(`{"id": 1}`)},
		{Topic: "orders", Partition: 2, Offset: 8, Value: []byte(`{"id": `)},
	})
	if len(written) != 1 || written[0].id != "orders+2+7" || string(written[0].source) != `{"id": 1}` {
		t.Errorf("documents: %+v", written)
	}
	if len(rejected) != 1 || string(rejected[0].Headers[0].Value) != "the message isn't JSON" {
		t.Errorf("rejected: %+v", rejected)
	}
}
