package fault

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/rows/wisdm"
)

// follower reads a topic as it grows, over the broker's faults. Since the probe
// reads a topic from its beginning each time, counting different rows with it
// while they flow would take ever longer.
type follower struct {
	mu      sync.Mutex
	rows    []wisdm.Row
	ids     map[string]bool
	foreign []string // what isn't a row
}

// partitions is how many the bridge makes.
const partitions = 3

// follow reads the topic until ctx ends.
func follow(ctx context.Context, addr, topic string) *follower {
	f := &follower{ids: map[string]bool{}}
	for partition := range partitions {
		reader := kafka.NewReader(kafka.ReaderConfig{
			Brokers: []string{addr}, Topic: topic, Partition: partition, MaxBytes: 10 << 20,
			MaxWait: 100 * time.Millisecond, ReadBackoffMin: 50 * time.Millisecond, ReadBackoffMax: 300 * time.Millisecond,
		})
		go func() {
			defer reader.Close()
			for ctx.Err() == nil {
				record, err := reader.ReadMessage(ctx)
				if err == nil {
					f.take(record)
				} // else the broker is away, and the reader asks again
			}
		}()
	}
	return f
}

func (f *follower) take(record kafka.Message) {
	row, err := wisdm.ParseMessage(record.Value)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.foreign = append(f.foreign, fmt.Sprintf("partition %d, offset %d: %v", record.Partition, record.Offset, err))
		return
	}
	f.rows = append(f.rows, row)
	f.ids[row.ID()] = true
}

// different returns how many different rows have come.
func (f *follower) different() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return int64(len(f.ids))
}

// compare compares what has come with what should have.
func (f *follower) compare(oracle *wisdm.Oracle, keyed bool) (lost, repeated int64, problem string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.foreign) > 0 {
		return 0, 0, f.foreign[0]
	}
	repeated = int64(len(f.rows) - len(f.ids))
	diff := oracle.Compare(f.rows, wisdm.CompareOptions{AllowRepeats: true, Ordered: keyed})
	if diff == nil {
		return 0, repeated, ""
	}
	if diff.Changed+diff.Unexpected+diff.OutOfOrder > 0 {
		problem = diff.Error()
	}
	return diff.Missing, repeated, problem
}
