package exporter

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kfake"
)

// topicOf is a topic of a Kafka within the test.
func topicOf(t *testing.T, messages []kafka.Message) Config {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "smart"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	writer := &kafka.Writer{Addr: kafka.TCP(cluster.ListenAddrs()...), Topic: "smart", BatchTimeout: time.Millisecond}
	defer writer.Close()
	for i := range messages {
		messages[i] = kafka.Message{Key: messages[i].Key, Value: messages[i].Value}
	}
	if err := writer.WriteMessages(t.Context(), messages...); err != nil {
		t.Fatal(err)
	}
	return Config{Kafka: cluster.ListenAddrs(), Topic: "smart", Elasticsearch: "nowhere:9200"}
}

// exported runs an exporter until it has written so many documents, or nothing
// more comes.
func exported(t *testing.T, cfg Config, want int64) int64 {
	t.Helper()
	cfg, err := cfg.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	x := run(t, cfg, newKafkaSource(cfg), &fakeSink{})
	for limit := time.Now().Add(10 * time.Second); x.Stats().Committed < want && time.Now().Before(limit); {
		time.Sleep(10 * time.Millisecond)
	}
	if want == 0 {
		time.Sleep(time.Second) // for records to come, which would be wrong
	}
	if err := x.end(t); err != nil {
		t.Error(err)
	}
	return x.Stats().Written
}

// TestASecondIndexGetsAllRows: what was exported into another index is none of its
// business.
func TestASecondIndexGetsAllRows(t *testing.T) {
	cfg := topicOf(t, rows(25))
	for _, c := range []struct {
		index         string
		fromBeginning bool
		want          int64
	}{
		{"one", false, 25},
		{"one", false, 0},
		{"two", false, 25},
		{"one", true, 25},
		{"three", true, 25}, // whose group there never was
	} {
		cfg.Index, cfg.FromBeginning = c.index, c.fromBeginning
		if got := exported(t, cfg, c.want); got != c.want {
			t.Errorf("index %s, from the beginning %v: %d rows, want %d", c.index, c.fromBeginning, got, c.want)
		}
	}
}

// TestFromBeginningNeedsTheGroup: offsets can't be forgotten under the feet of an
// exporter that runs.
func TestFromBeginningNeedsTheGroup(t *testing.T) {
	cfg, err := topicOf(t, rows(5)).withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	x := run(t, cfg, newKafkaSource(cfg), &fakeSink{})
	await(t, "all commits", func() bool { return x.Stats().Committed == 5 })
	cfg.FromBeginning = true
	second := newKafkaSource(cfg)
	defer second.close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := second.prepare(ctx); !isPermanent(err) || !strings.Contains(err.Error(), "end it first") {
		t.Errorf("error = %v", err)
	}
	if err := x.end(t); err != nil {
		t.Error(err)
	}
}
