package bridge

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/util/wait"
)

// TestTopicIsBounded: what is written endlessly into a topic beside the run's own doesn't
// fill the disk.
func TestTopicIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because of -short: Kafka begins to delete 30 s after its start")
	}
	p := scenario.Need(t, "kafka").Pipeline()
	name := p.Names.Topic + "-endless"
	if err := p.CreateTopics(t.Context(), []string{name}, 1); err != nil {
		t.Fatal(err)
	}
	writer := &kafka.Writer{Addr: kafka.TCP(p.Kafka()), Topic: name, Transport: p.KafkaClient().Transport, BatchTimeout: time.Millisecond, AllowAutoTopicCreation: false}
	defer writer.Close()
	for range 200 { // MB, which don't compress
		value := make([]byte, 1_000_000)
		rand.Read(value)
		if err := writer.WriteMessages(t.Context(), kafka.Message{Value: value}); err != nil {
			t.Fatal(err)
		}
	}
	written := topic.Topic{Addr: p.Kafka(), Name: name, Login: p.Access["kafka"]}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if err := wait.Until(ctx, time.Second, func() (bool, error) {
		left, err := written.Count(ctx)
		if err == nil && left > 100 {
			err = fmt.Errorf("%d of 200 records are left, want fewer than 100", left)
		}
		return err == nil, err
	}); err != nil {
		t.Error(err)
	}
}
