package topic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access/dial"
)

// Record is a record of a topic, as it is stored.
type Record struct {
	Partition int
	Offset    int64
	Time      time.Time
	Keyed     bool
	Value     []byte
}

const (
	tailBytes = 1 << 20 // of each partition's end, at most
	tailWait  = 100 * time.Millisecond
)

// Last returns up to n records from the ends of the topic's partitions, the
// latest time first.
func (t Topic) Last(ctx context.Context, n int) ([]Record, error) {
	spans, err := t.Offsets(ctx)
	if err != nil {
		return nil, err
	}
	var all []Record
	for _, s := range spans {
		if s.FirstOffset >= s.LastOffset {
			continue
		}
		if all, err = t.fetch(ctx, all, s.Partition, max(s.FirstOffset, s.LastOffset-int64(n))); err != nil {
			return nil, fmt.Errorf("read the end of partition %d of topic %q at %s: %w", s.Partition, t.Name, t.Addr, err)
		}
	}
	slices.SortStableFunc(all, func(a, b Record) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Offset, a.Offset))
	})
	return all[:min(n, len(all))], nil
}

func (t Topic) fetch(ctx context.Context, records []Record, partition int, offset int64) ([]Record, error) {
	client := &kafka.Client{Addr: dial.KafkaAddr(t.Addr), Timeout: answerLimit, Transport: t.transport()}
	answer, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: t.Name, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: tailBytes, MaxWait: tailWait,
	})
	if err == nil {
		err = answer.Error
	}
	if err != nil {
		return nil, err
	}
	for {
		record, err := answer.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		if record.Offset < offset { // Kafka answers with whole batches
			continue
		}
		value, err := kafka.ReadAll(record.Value)
		if err != nil {
			return nil, err
		}
		records = append(records, Record{partition, record.Offset, record.Time, record.Key != nil, value})
	}
}
