package probe

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
func (k Kafka) Last(ctx context.Context, n int) ([]Record, error) {
	spans, err := k.offsets(ctx)
	if err != nil {
		return nil, err
	}
	var all []Record
	for _, s := range spans {
		if s.FirstOffset >= s.LastOffset {
			continue
		}
		if all, err = k.fetch(ctx, all, s.Partition, max(s.FirstOffset, s.LastOffset-int64(n))); err != nil {
			return nil, fmt.Errorf("read the end of partition %d of topic %q at %s: %w", s.Partition, k.Topic, k.Addr, err)
		}
	}
	slices.SortStableFunc(all, func(a, b Record) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.Offset, a.Offset))
	})
	return all[:min(n, len(all))], nil
}

func (k Kafka) fetch(ctx context.Context, records []Record, partition int, offset int64) ([]Record, error) {
	client := &kafka.Client{Addr: dial.KafkaAddr(k.Addr), Timeout: answerLimit, Transport: k.transport()}
	answer, err := client.Fetch(ctx, &kafka.FetchRequest{
		Topic: k.Topic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: tailBytes, MaxWait: tailWait,
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

// Last returns up to n documents, the one that was written last first. An index
// that isn't there holds none.
func (e *Elastic) Last(ctx context.Context, n int) ([]Document, error) {
	var answer page
	err := e.call("read", &answer)(e.client.Search(
		e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithSize(n),
		e.client.Search.WithSort("_seq_no:desc"), e.client.Search.WithIgnoreUnavailable(true)))
	return answer.appendTo(nil), err
}

// Writes returns how many documents were written into the index since its shards
// were opened, including those that existed already. Flink's sink sends updates. An
// update that changes nothing counts as a document that was read, not as one that
// was indexed; one that changes something counts twice. The index must exist.
func (e *Elastic) Writes(ctx context.Context) (int64, error) {
	var answer struct {
		All struct {
			Primaries struct {
				Indexing struct {
					Total int64 `json:"index_total"`
				}
				Get struct {
					Exists int64 `json:"exists_total"`
				}
			}
		} `json:"_all"`
	}
	err := e.call("ask for the writes of", &answer)(e.client.Indices.Stats(
		e.client.Indices.Stats.WithContext(ctx), e.client.Indices.Stats.WithIndex(e.index), e.client.Indices.Stats.WithMetric("indexing", "get")))
	return answer.All.Primaries.Indexing.Total + answer.All.Primaries.Get.Exists, err
}
