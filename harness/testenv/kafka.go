package testenv

import (
	"context"
	"errors"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/server/access/dial"
)

// KafkaClient makes topics, and writes and reads them.
type KafkaClient struct{ e *Env }

const answerLimit = 10 * time.Second // for a server's answer

// Addr returns where programs on this machine reach Kafka, as host:port.
func (k KafkaClient) Addr() string {
	k.e.t.Helper()
	return k.e.Addr("kafka", "client")
}

func (k KafkaClient) client() *kafka.Client {
	k.e.t.Helper()
	return &kafka.Client{Addr: dial.KafkaAddr(k.Addr()), Timeout: answerLimit, Transport: dial.Kafka(k.e.Access()["kafka"])}
}

func (k KafkaClient) topic(name string) topic.Topic {
	k.e.t.Helper()
	return topic.Topic{Addr: k.Addr(), Name: name, Login: k.e.Access()["kafka"]}
}

// CreateTopic makes a topic that keeps its records whatever their time is, and removes it
// after the test.
func (k KafkaClient) CreateTopic(name string, partitions int) {
	k.e.t.Helper()
	client := k.client()
	made, err := client.CreateTopics(k.e.t.Context(), topic.Request(name, partitions))
	if err == nil {
		err = made.Errors[name]
	}
	if err != nil {
		k.e.t.Fatalf("create the topic %q: %v", name, dial.Explain("kafka", k.Addr(), k.e.Access()["kafka"], err))
	}
	k.e.t.Cleanup(func() { k.remove(client, name) })
}

func (k KafkaClient) remove(client *kafka.Client, name string) {
	answer, err := client.DeleteTopics(context.Background(), &kafka.DeleteTopicsRequest{Topics: []string{name}})
	if err == nil {
		err = answer.Errors[name]
	}
	if err != nil && !errors.Is(err, kafka.UnknownTopicOrPartition) {
		k.e.t.Errorf("remove the topic %q: %v", name, err)
	}
}

// Produce writes records into a topic, by their keys' partitions as Java's producer does,
// and returns when all in-sync replicas have them.
func (k KafkaClient) Produce(name string, records ...kafka.Message) {
	k.e.t.Helper()
	if err := k.topic(name).Write(k.e.t.Context(), records...); err != nil {
		k.e.t.Fatalf("produce to the topic %q: %v", name, err)
	}
}

// Count counts the records that a topic holds; one that isn't there yet holds none.
func (k KafkaClient) Count(name string) Count {
	k.e.t.Helper()
	stored := k.topic(name)
	return func(ctx context.Context) (int64, error) {
		n, err := stored.Count(ctx)
		if errors.Is(err, kafka.UnknownTopicOrPartition) {
			return 0, nil
		}
		return n, err
	}
}

// Read returns every record that a topic holds now, partition by partition.
func (k KafkaClient) Read(name string) []kafka.Message {
	k.e.t.Helper()
	records, err := k.topic(name).Read(k.e.t.Context())
	if err != nil {
		k.e.t.Fatal(err)
	}
	return records
}
