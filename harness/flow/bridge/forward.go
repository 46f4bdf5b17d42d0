package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/util/wait"
)

// batchBytes leaves room for keys, headers and framing below Kafka's default
// limit of 1 MiB for one batch of one partition (max.message.bytes).
const batchBytes = 768 << 10

// forward brings the queue into Kafka, batch after batch, until the queue is
// closed and empty, ctx ends, or Kafka won't ever take a record. One batch is
// being written at a time, so that the records of a key stay in order; the
// batch before it is being acknowledged meanwhile.
func (b *Bridge) forward(ctx context.Context) error {
	written := make(chan []mqtt.Message, 1)
	acked := make(chan struct{})
	go func() {
		defer close(acked)
		for batch := range written {
			b.ack(batch)
		}
	}()
	err := b.writeAll(ctx, written)
	close(written)
	<-acked
	return b.unfinished(ctx, err)
}

func (b *Bridge) writeAll(ctx context.Context, written chan<- []mqtt.Message) error {
	for {
		batch := b.nextBatch(ctx)
		if len(batch) == 0 {
			return nil
		}
		if records := b.records(batch); len(records) > 0 {
			if err := b.write(ctx, records); err != nil {
				return err
			}
		}
		b.observe(batch)
		written <- batch
	}
}

// timed is a message whose receipt is remembered, for Config.Observe.
type timed struct {
	mqtt.Message
	received time.Time
}

func (b *Bridge) observe(batch []mqtt.Message) {
	if b.cfg.Observe == nil {
		return
	}
	now := time.Now()
	for _, m := range batch {
		if m, ok := m.(timed); ok {
			b.cfg.Observe(now.Sub(m.received))
		}
	}
}

// nextBatch waits for a message. Unless a full batch is there already, it then
// gives the others Linger to arrive.
func (b *Bridge) nextBatch(ctx context.Context) []mqtt.Message {
	batch := b.queue.take(ctx, b.cfg.MaxBatch, batchBytes)
	size := payloadBytes(batch)
	if len(batch) == 0 || len(batch) == b.cfg.MaxBatch || size > batchBytes/2 {
		return batch
	}
	_ = wait.For(ctx, b.cfg.Linger) // at the end what is there is taken too
	more, _ := b.queue.tryTake(b.cfg.MaxBatch-len(batch), batchBytes-size, false)
	return append(batch, more...)
}

func payloadBytes(batch []mqtt.Message) (n int) {
	for _, m := range batch {
		n += len(m.Payload())
	}
	return n
}

// unfinished explains why writing ended, unless everything was written.
func (b *Bridge) unfinished(ctx context.Context, err error) error {
	switch held, _ := b.queue.held(); {
	case err == nil && (ctx.Err() == nil || held == 0):
		return nil
	case err != nil && ctx.Err() == nil:
		return err
	default:
		return errors.Join(fmt.Errorf(
			"bridge ended with %d messages in flight: %w; the MQTT broker keeps them for the session %q, so start the bridge again",
			held, context.Cause(ctx), b.cfg.ClientID), err)
	}
}

// records turns messages into records, but for those of other topics. The payload is
// carried untouched.
func (b *Bridge) records(batch []mqtt.Message) []kafka.Message {
	records := make([]kafka.Message, 0, len(batch))
	for _, m := range batch {
		if !matches(b.cfg.Source, m.Topic()) {
			continue
		}
		key, at, err := b.cfg.record(m.Payload())
		record := kafka.Message{Key: key, Value: m.Payload(), Time: at}
		if err != nil {
			record.Time = time.Now()
			record.Headers = []kafka.Header{{Key: topic.ErrorHeader, Value: fmt.Appendf(nil, "%.200s", err.Error())}}
		}
		records = append(records, record)
	}
	return records
}

// write tries until Kafka has every record.
func (b *Bridge) write(ctx context.Context, records []kafka.Message) error {
	var pause wait.Backoff
	for {
		left, err := b.sink.write(ctx, records)
		b.kafkaTrouble.Store(&err)
		b.count(records, left)
		if err == nil || isPermanent(err) {
			return err
		}
		if len(left) < len(records) {
			pause.Reset()
		}
		records = left
		b.stats.retries.Add(1)
		if pause.Sleep(ctx) != nil {
			return fmt.Errorf("last attempt at Kafka: %w", err)
		}
	}
}

// count adds what is in records and no longer left.
func (b *Bridge) count(records, left []kafka.Message) {
	add := func(records []kafka.Message, sign int64) {
		for _, r := range records {
			b.stats.forwarded.Add(sign)
			b.stats.bytes.Add(sign * int64(len(r.Value)))
			if r.Key == nil {
				b.stats.unkeyed.Add(sign)
			}
		}
	}
	add(records, 1)
	add(left, -1)
}

// ack acknowledges in order of arrival, as MQTT demands. What can't be
// acknowledged because its connection is gone is sent again by the broker.
func (b *Bridge) ack(batch []mqtt.Message) {
	for _, m := range batch {
		m.Ack()
	}
	b.stats.acked.Add(int64(len(batch)))
	b.queue.release(batch)
}
