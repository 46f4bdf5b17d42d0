package probe

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
)

// Progress hears of how many rows were read; nil for nobody.
type Progress func(rows int64)

const progressEvery = 10_000 // rows

func (p Progress) told(rows int64) {
	if p != nil && rows%progressEvery == 0 {
		p(rows)
	}
}

// CheckLedger is Check for as many rows as there may be: it keeps none. Only
// where a group differs are its rows read again.
func (k Kafka) CheckLedger(ctx context.Context, ledger *wisdm.Ledger, progress Progress) hop.Result {
	track, found := ledger.Track(), problems{}
	var before kafka.Message
	var n int64
	err := k.each(ctx, func(record kafka.Message) error {
		if n++; n > 1 {
			checkOffset(before, record, &found)
		}
		before.Partition, before.Offset = record.Partition, record.Offset
		progress.told(n)
		row, err := wisdm.ParseMessage(record.Value)
		if err != nil {
			found.add("%s: %v%s", position(record), err, bridgeSays(record))
			return nil
		}
		if !k.Unkeyed {
			checkRecord(record, row, &found)
		}
		track.Add(row)
		return nil
	})
	if err != nil {
		return hop.Errored(hop.Kafka, ledger.Count(), err)
	}
	return tracked(ctx, hop.Kafka, ledger, track, k.rowsOf, found.all())
}

// rowsOf returns the rows of some groups. What is no row was told already.
func (k Kafka) rowsOf(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
	var rows []wisdm.Row
	err := k.each(ctx, func(record kafka.Message) error {
		if row, err := wisdm.ParseMessage(record.Value); err == nil && groups[row.Group()] {
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
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

// batchBytes bounds what is fetched at a time, which a reader keeps twice.
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
