package probe

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

// Kafka reads a topic of the broker at Addr (host:port).
type Kafka struct {
	Addr, Topic string
	Login       access.Login
	// Unkeyed: the records come from a bridge that gives them neither key nor
	// event time, as Kafka Connect's does.
	Unkeyed bool
	// Progress, if set, follows Check.
	Progress Progress
}

// Count returns how many records the topic holds: the sum over its partitions of
// the last offset less the first.
func (k Kafka) Count(ctx context.Context) (int64, error) {
	spans, err := k.offsets(ctx)
	var sum int64
	for _, s := range spans {
		sum += s.LastOffset - s.FirstOffset
	}
	return sum, err
}

// metadataLife is how long a transport keeps what it knows of topics. By default a
// new topic is unknown to kafka-go for six seconds.
const metadataLife = 200 * time.Millisecond

// transports has one transport for each login.
var transports sync.Map

func (k Kafka) transport() *kafka.Transport {
	if known, ok := transports.Load(k.Login); ok {
		return known.(*kafka.Transport)
	}
	made := dial.Kafka(k.Login)
	made.MetadataTTL = metadataLife
	known, _ := transports.LoadOrStore(k.Login, made)
	return known.(*kafka.Transport)
}

// offsets asks again for a topic that may just have been made.
func (k Kafka) offsets(ctx context.Context) ([]kafka.PartitionOffsets, error) {
	for began := time.Now(); ; {
		spans, err := k.askOffsets(ctx)
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

func (k Kafka) askOffsets(ctx context.Context) ([]kafka.PartitionOffsets, error) {
	client := &kafka.Client{Addr: dial.KafkaAddr(k.Addr), Timeout: answerLimit, Transport: k.transport()}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{k.Topic}})
	if err != nil {
		return nil, fmt.Errorf("ask Kafka at %s for topic %q: %w", k.Addr, k.Topic, dial.Explain("kafka", k.Addr, k.Login, err))
	}
	var ask []kafka.OffsetRequest
	for _, topic := range meta.Topics {
		if topic.Error != nil {
			return nil, fmt.Errorf("ask Kafka at %s for topic %q: %w", k.Addr, k.Topic, topic.Error)
		}
		for _, p := range topic.Partitions {
			ask = append(ask, kafka.FirstOffsetOf(p.ID), kafka.LastOffsetOf(p.ID))
		}
	}
	res, err := client.ListOffsets(ctx, &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{k.Topic: ask}})
	if err != nil {
		return nil, fmt.Errorf("ask Kafka at %s for the offsets of topic %q: %w", k.Addr, k.Topic, err)
	}
	spans := res.Topics[k.Topic]
	for _, s := range spans {
		if s.Error != nil {
			return nil, fmt.Errorf("ask Kafka at %s for the offsets of partition %d of topic %q: %w", k.Addr, s.Partition, k.Topic, s.Error)
		}
	}
	return spans, nil
}

// Read returns every record that the topic holds now, partition by partition.
func (k Kafka) Read(ctx context.Context) ([]kafka.Message, error) {
	var records []kafka.Message
	err := k.each(ctx, func(record kafka.Message) error {
		records = append(records, record)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// each visits every record that the topic holds now, partition by partition.
func (k Kafka) each(ctx context.Context, visit func(kafka.Message) error) error {
	spans, err := k.offsets(ctx)
	if err != nil {
		return err
	}
	for _, s := range spans {
		if err := k.eachOf(ctx, s, visit); err != nil {
			return fmt.Errorf("read partition %d of topic %q: %w", s.Partition, k.Topic, err)
		}
	}
	return nil
}

// batchBytes limits what is fetched at a time, which a reader holds twice.
const batchBytes = 2 << 20

func (k Kafka) eachOf(ctx context.Context, span kafka.PartitionOffsets, visit func(kafka.Message) error) error {
	if span.FirstOffset >= span.LastOffset {
		return nil
	}
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers: strings.Split(k.Addr, ","), Dialer: dial.KafkaDialer(k.Login), Topic: k.Topic, Partition: span.Partition,
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
