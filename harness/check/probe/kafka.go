package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/rows/wisdm"
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
}

// Count says how many records the topic holds: the sum over its partitions of
// the last offset less the first.
func (k Kafka) Count(ctx context.Context) (int64, error) {
	spans, err := k.offsets(ctx)
	var sum int64
	for _, s := range spans {
		sum += s.LastOffset - s.FirstOffset
	}
	return sum, err
}

// metadataLife: a transport keeps what it knows of topics for a moment only: by default a new
// topic is unknown to kafka-go for six seconds.
const metadataLife = 200 * time.Millisecond

// transports has one for each login.
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

// Check compares the topic with the oracle: every row's fields, the record's
// key (the subject) and time (the event time), offsets without a gap, each
// subject's rows in one partition and in publishing order.
func (k Kafka) Check(ctx context.Context, oracle *wisdm.Oracle) hop.Result {
	records, err := k.Read(ctx)
	if err != nil {
		return hop.Errored(hop.Kafka, oracle.Count(), err)
	}
	var found problems
	checkOffsets(records, &found)
	rows := make([]wisdm.Row, 0, len(records))
	for _, record := range records {
		row, err := wisdm.ParseMessage(record.Value)
		if err != nil {
			found.add("%s: %v%s", position(record), err, bridgeSays(record))
			continue
		}
		rows = append(rows, row)
		if !k.Unkeyed {
			checkRecord(record, row, &found)
		}
	}
	options := wisdm.CompareOptions{AllowRepeats: true, Ordered: !k.Unkeyed}
	return judge(hop.Kafka, oracle, rows, options, found.all())
}

func checkOffsets(records []kafka.Message, found *problems) {
	for i := 1; i < len(records); i++ {
		checkOffset(records[i-1], records[i], found)
	}
}

func checkOffset(before, after kafka.Message, found *problems) {
	if before.Partition == after.Partition && after.Offset != before.Offset+1 {
		found.add("partition %d: offset %d follows %d", after.Partition, after.Offset, before.Offset)
	}
}

func checkRecord(record kafka.Message, row wisdm.Row, found *problems) {
	if want := strconv.Itoa(row.Subject); string(record.Key) != want {
		found.add("%s: key is %q, want %q", position(record), record.Key, want)
	}
	if !record.Time.Equal(row.Time) {
		found.add("%s: time is %s, want the event time %s", position(record),
			record.Time.UTC().Format(wisdm.TimeLayout), row.Time.Format(wisdm.TimeLayout))
	}
}

func position(record kafka.Message) string {
	return fmt.Sprintf("partition %d, offset %d", record.Partition, record.Offset)
}

func bridgeSays(record kafka.Message) string {
	for _, header := range record.Headers {
		if header.Key == wisdm.ErrorHeader {
			return " (the bridge saw it too: " + string(bytes.TrimSpace(header.Value)) + ")"
		}
	}
	return ""
}
