// Package topic makes Kafka topics, writes records into them, and reads the records as they
// are stored.
package topic

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/wait"
)

// ErrorHeader is the header of a record whose message can't be read as what the topic
// is for, such as a row; its value says why.
const ErrorHeader = "hoplab-error"

// Topic is a topic of the broker at Addr (host:port).
type Topic struct {
	Addr, Name string
	Login      access.Login
}

// Request asks for a topic that keeps its records forever: Kafka computes their age by
// their time (UnifiedLog, deleteRetentionMsBreachedSegments), which is the event time, so
// those of long ago would be deleted. For the same reason it sets no limit to how far a
// record's time may lie ahead.
func Request(name string, partitions int) *kafka.CreateTopicsRequest {
	return &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic:             name,
		NumPartitions:     partitions,
		ReplicationFactor: -1, // the cluster's default
		ConfigEntries: []kafka.ConfigEntry{
			{ConfigName: "retention.ms", ConfigValue: "-1"},
			{ConfigName: "message.timestamp.after.max.ms", ConfigValue: "9223372036854775807"},
		},
	}}}
}

// answerLimit is how long Kafka may take to answer.
const answerLimit = 10 * time.Second

// Count returns how many records the topic holds: the sum over its partitions of
// the last offset less the first.
func (t Topic) Count(ctx context.Context) (int64, error) {
	spans, err := t.Offsets(ctx)
	var sum int64
	for _, s := range spans {
		sum += s.LastOffset - s.FirstOffset
	}
	return sum, err
}

// Write writes records, by their keys' partitions as Java's producer does, and returns when
// all in-sync replicas have them.
func (t Topic) Write(ctx context.Context, records ...kafka.Message) error {
	transport := dial.Kafka(t.Login) // one that knows nothing of the topic before it was made
	defer transport.CloseIdleConnections()
	writer := &kafka.Writer{
		Addr: dial.KafkaAddr(t.Addr), Topic: t.Name, Transport: transport,
		Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll, BatchSize: 1000, BatchTimeout: time.Millisecond,
	}
	return errors.Join(writer.WriteMessages(ctx, records...), writer.Close())
}

// metadataLife is how long a transport keeps what it knows of topics. By default a
// new topic is unknown to kafka-go for six seconds (Transport.MetadataTTL).
const metadataLife = 200 * time.Millisecond

// transports has one transport for each login.
var transports sync.Map

func (t Topic) transport() *kafka.Transport {
	if known, ok := transports.Load(t.Login); ok {
		return known.(*kafka.Transport)
	}
	made := dial.Kafka(t.Login)
	made.MetadataTTL = metadataLife
	known, _ := transports.LoadOrStore(t.Login, made)
	return known.(*kafka.Transport)
}

// Offsets returns the first and the last offset of each partition. It asks again for a
// topic that may just have been made.
func (t Topic) Offsets(ctx context.Context) ([]kafka.PartitionOffsets, error) {
	for began := time.Now(); ; {
		spans, err := t.askOffsets(ctx)
		if !isNew(err) || time.Since(began) > 10*metadataLife {
			return spans, err
		}
		if err := wait.For(ctx, metadataLife); err != nil {
			return nil, err
		}
	}
}

// isNew reports an error that a topic has while it is being made.
func isNew(err error) bool {
	return errors.Is(err, kafka.UnknownTopicOrPartition) || errors.Is(err, kafka.LeaderNotAvailable) || errors.Is(err, kafka.NotLeaderForPartition)
}

func (t Topic) askOffsets(ctx context.Context) ([]kafka.PartitionOffsets, error) {
	client := &kafka.Client{Addr: dial.KafkaAddr(t.Addr), Timeout: answerLimit, Transport: t.transport()}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{t.Name}})
	if err != nil {
		return nil, fmt.Errorf("ask Kafka at %s for topic %q: %w", t.Addr, t.Name, dial.Explain("kafka", t.Addr, t.Login, err))
	}
	var ask []kafka.OffsetRequest
	for _, found := range meta.Topics {
		if found.Error != nil {
			return nil, fmt.Errorf("ask Kafka at %s for topic %q: %w", t.Addr, t.Name, found.Error)
		}
		for _, p := range found.Partitions {
			ask = append(ask, kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
		}
	}
	res, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{t.Name: ask}})
	if err != nil {
		return nil, fmt.Errorf("ask Kafka at %s for the offsets of topic %q: %w", t.Addr, t.Name, err)
	}
	spans := res.Topics[t.Name]
	for _, s := range spans {
		if s.Error != nil {
			return nil, fmt.Errorf("ask Kafka at %s for the offsets of partition %d of topic %q: %w", t.Addr, s.Partition, t.Name, s.Error)
		}
	}
	return spans, nil
}

// Read returns every record that the topic holds now, partition by partition.
func (t Topic) Read(ctx context.Context) ([]kafka.Message, error) {
	var records []kafka.Message
	err := t.Each(ctx, func(record kafka.Message) error {
		records = append(records, record)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// Each visits every record that the topic holds now, partition by partition.
func (t Topic) Each(ctx context.Context, visit func(kafka.Message) error) error {
	spans, err := t.Offsets(ctx)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if err := t.eachOf(ctx, s, visit); err != nil {
			return fmt.Errorf("read partition %d of topic %q: %w", s.Partition, t.Name, err)
		}
	}
	return nil
}

// batchBytes limits what is fetched at a time, which a reader holds twice.
const batchBytes = 2 << 20

func (t Topic) eachOf(ctx context.Context, span kafka.PartitionOffsets, visit func(kafka.Message) error) error {
	if span.FirstOffset >= span.LastOffset {
		return nil
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: strings.Split(t.Addr, ","), Dialer: dial.KafkaDialer(t.Login), Topic: t.Name, Partition: span.Partition,
		MaxBytes: batchBytes, MaxWait: 100 * time.Millisecond,
	})
	defer reader.Close()
	if err := reader.SetOffset(span.FirstOffset); err != nil {
		return err
	}
	for {
		record, err := reader.ReadMessage(ctx)
		if err == nil {
			err = visit(record)
		}
		if err != nil || record.Offset >= span.LastOffset-1 {
			return err
		}
	}
}
