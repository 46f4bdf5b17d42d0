package probe

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// Check compares the topic with what is expected: every row's fields, the record's
// key (the subject) and time (the event time), offsets without a gap, each
// subject's rows in one partition and in publishing order.
func (k Kafka) Check(ctx context.Context, want wisdm.Expected) hop.Result {
	ledger, found := want.Sums(), problems{}
	track := ledger.Track()
	add := track.Add
	if k.Unkeyed {
		add = track.Tally.Add // a subject's rows are in several partitions, in no order
	}
	var before kafka.Message
	var n int64
	err := k.Each(ctx, func(record kafka.Message) error {
		if n++; n > 1 {
			checkOffset(before, record, &found)
		}
		before.Partition, before.Offset = record.Partition, record.Offset
		k.Progress.report(n)
		row, err := wisdm.ParseMessage(record.Value)
		if err != nil {
			found.add("%s: %v%s", position(record), err, bridgeSays(record))
			return nil
		}
		if !k.Unkeyed {
			checkRecord(record, row, &found)
		}
		add(row)
		return nil
	})
	if err != nil {
		return hop.Errored(hop.Kafka, ledger.Count(), err)
	}
	if k.Unkeyed {
		return summed(ctx, hop.Kafka, ledger, &track.Tally, k.rowsOf, wisdm.CompareOptions{AllowRepeats: true}, found.all())
	}
	return tracked(ctx, hop.Kafka, ledger, track, k.rowsOf, found.all())
}

// rowsOf returns the rows of some groups. Invalid records were already reported.
func (k Kafka) rowsOf(ctx context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
	var rows []wisdm.Row
	err := k.Each(ctx, func(record kafka.Message) error {
		if row, err := wisdm.ParseMessage(record.Value); err == nil && (groups == nil || groups[row.Group()]) {
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
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
		if header.Key == topic.ErrorHeader {
			return " (the bridge saw it too: " + string(bytes.TrimSpace(header.Value)) + ")"
		}
	}
	return ""
}
