package bridge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/rows/wisdm"
)

func TestCarriesRows(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		sink := &fake{}
		b := run(t, Config{Broker: "tcp://" + addr}, sink).awaitReady(t)
		want := rows(1, 5000)
		publish(t, addr, want...)
		sink.await(t, len(want))
		if err := b.end(); err != nil {
			t.Error(err)
		}
		if got := sink.values(); !slices.Equal(got, want) {
			t.Fatal("records are missing, repeated or out of order")
		}
		size := 0
		for i, r := range sink.all() {
			size += len(r.Value)
			at := wisdm.DefaultBase.Add(time.Duration(i+1) * time.Millisecond)
			if string(r.Key) != fmt.Sprint(1600+(i+1)%3) || !r.Time.Equal(at) || len(r.Headers) > 0 {
				t.Fatalf("record %d: key %s, time %v, headers %v", i, r.Key, r.Time, r.Headers)
			}
		}
		s := b.Stats()
		if s.Received != 5000 || s.Forwarded != 5000 || s.Acked != 5000 || s.Bytes != int64(size) || s.InFlight != 0 || s.Peak < 1 ||
			s.Unkeyed+s.Refused+s.Redelivered+s.Retries+s.Reconnects != 0 {
			t.Errorf("stats = %+v", s)
		}
	})
}

func TestCarriesWhatIsNoRow(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	sink := &fake{}
	b := run(t, Config{Broker: "tcp://" + addr}, sink).awaitReady(t)
	old := strings.Replace(row(1600, 1), "2023-", "1923-", 1)
	far := strings.Replace(row(1600, 1), "2023-", "2923-", 1)
	want := []string{"\x00\xffno row", "{}", "", old, far, row(1600, 1)}
	publish(t, addr, want...)
	sink.await(t, len(want))
	for i, r := range sink.all() {
		if string(r.Value) != want[i] {
			t.Errorf("value %q, want %q", r.Value, want[i])
		}
		if i == 5 {
			continue
		}
		if r.Key != nil || len(r.Headers) != 1 || r.Headers[0].Key != topic.ErrorHeader || len(r.Headers[0].Value) == 0 {
			t.Errorf("%q: key %s, headers %v", want[i], r.Key, r.Headers)
		}
		if age := time.Since(r.Time); age < 0 || age > time.Minute {
			t.Errorf("%q: time %v", want[i], r.Time)
		}
	}
	if s := b.Stats(); s.Unkeyed != 5 || s.Forwarded != 6 {
		t.Errorf("stats = %+v", s)
	}
}

// Nothing is acknowledged that isn't in Kafka; who comes next gets it.
func TestAcknowledgesAfterKafka(t *testing.T) {
	broker := brokertest.Mochi(t)
	addr := broker.Addr()
	sink := &fake{writing: blocked(nil)}
	b := run(t, Config{Broker: "tcp://" + addr, ClientID: "b", FlushLimit: 50 * time.Millisecond}, sink).awaitReady(t)
	publish(t, addr, rows(1, 100)...)
	await(t, func() bool { return b.Stats().Received == 100 }, func() string { return fmt.Sprintf("%+v", b.Stats()) })
	if got := broker.Pending("b"); got != 100 {
		t.Errorf("the broker holds %d messages before Kafka has any, want 100", got)
	}
	err := b.end()
	for _, want := range []string{"100 messages in flight", "within 50ms", `session "b"`, "start the bridge again"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
	if s := b.Stats(); s.Acked != 0 || s.Forwarded != 0 || s.InFlight != 100 {
		t.Errorf("stats = %+v", s)
	}
	if got := broker.Pending("b"); got != 100 {
		t.Errorf("the broker holds %d messages after the bridge ended, want 100", got)
	}

	next := &fake{}
	b = run(t, Config{Broker: "tcp://" + addr, ClientID: "b"}, next).awaitReady(t)
	next.await(t, 100)
	if !slices.Equal(next.values(), rows(1, 100)) {
		t.Error("messages are missing, repeated or out of order")
	}
	await(t, func() bool { return broker.Pending("b") == 0 }, func() string { return fmt.Sprint(broker.Pending("b"), " pending") })
	if s := b.Stats(); s.Redelivered != 100 {
		t.Errorf("stats = %+v, want 100 redelivered", s)
	}
}

// Only what Kafka didn't take is written again.
func TestWritesTheRestAgain(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	var calls [][]string
	sink := &fake{}
	sink.writing = func(_ context.Context, records []kafka.Message) (left []kafka.Message, _ bool, err error) {
		var seqs []string
		for _, r := range records {
			seqs = append(seqs, string(r.Key))
		}
		calls = append(calls, seqs)
		switch len(calls) {
		case 1:
			for _, r := range records {
				if string(r.Key) != "1601" {
					left = append(left, r)
				}
			}
			return left, false, errors.New("not the leader")
		case 2:
			return records, false, errors.New("not the leader")
		}
		return nil, false, nil
	}
	b := run(t, Config{Broker: "tcp://" + addr, Linger: 300 * time.Millisecond}, sink).awaitReady(t)
	publish(t, addr, rows(1, 6)...)
	sink.await(t, 6)
	if err := b.end(); err != nil {
		t.Error(err)
	}
	want := [][]string{{"1601", "1602", "1600", "1601", "1602", "1600"}, {"1602", "1600", "1602", "1600"}, {"1602", "1600", "1602", "1600"}}
	if fmt.Sprint(calls) != fmt.Sprint(want) {
		t.Errorf("writes of keys %v, want %v", calls, want)
	}
	if s := b.Stats(); s.Retries != 2 || s.Forwarded != 6 || s.Acked != 6 {
		t.Errorf("stats = %+v", s)
	}
}

func TestPermanentErrorEnds(t *testing.T) {
	broker := brokertest.Mochi(t)
	s := &kafkaSink{cfg: Config{Topic: "smart", Kafka: []string{"k:9092"}}}
	sink := &fake{writing: func(_ context.Context, records []kafka.Message) ([]kafka.Message, bool, error) {
		return records, false, errors.Join(nil, s.explain("write to", kafka.MessageSizeTooLarge))
	}}
	b := run(t, Config{Broker: "tcp://" + broker.Addr(), ClientID: "b"}, sink).awaitReady(t)
	publish(t, broker.Addr(), rows(1, 10)...)
	select {
	case err := <-b.ended:
		b.ended <- err
		if err == nil || !strings.Contains(err.Error(), "Message Size Too Large") || !strings.Contains(err.Error(), "max.message.bytes") {
			t.Errorf("error = %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still tries")
	}
	if got := broker.Pending("b"); got != 10 {
		t.Errorf("the broker holds %d messages, want 10", got)
	}
}

// Told to end, the bridge brings what it has taken into Kafka and takes no more.
func TestFlushesAtItsEnd(t *testing.T) {
	broker := brokertest.Mochi(t)
	var writes atomic.Int64
	sink := &fake{writing: func(context.Context, []kafka.Message) ([]kafka.Message, bool, error) {
		writes.Add(1)
		time.Sleep(20 * time.Millisecond) // a slow Kafka
		return nil, false, nil
	}}
	b := run(t, Config{Broker: "tcp://" + broker.Addr(), ClientID: "b", MaxBatch: 100}, sink).awaitReady(t)
	publish(t, broker.Addr(), rows(1, 1500)...)
	await(t, func() bool { return writes.Load() > 2 }, func() string { return "no writes" })
	if err := b.end(); err != nil {
		t.Error(err)
	}
	s := b.Stats()
	if s.Received != s.Forwarded || s.Received != s.Acked || s.InFlight != 0 || int(s.Forwarded) != len(sink.all()) {
		t.Errorf("stats = %+v, %d in Kafka", s, len(sink.all()))
	}
	await(t, func() bool { return broker.Pending("b") == 1500-int(s.Acked) }, func() string {
		return fmt.Sprintf("the broker holds %d messages, %d of 1500 were acknowledged", broker.Pending("b"), s.Acked)
	})
}

func TestConfigErrors(t *testing.T) {
	good := Config{Broker: "tcp://127.0.0.1:1883", Kafka: []string{"127.0.0.1:9092"}}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*Config){
		"must be tcp://HOST:PORT": func(c *Config) { c.Broker = "mqtt" },
		"no Kafka address":        func(c *Config) { c.Kafka = nil },
		"counts it in whole":      func(c *Config) { c.KeepAlive = time.Millisecond },
		"a limit is negative":     func(c *Config) { c.MaxBatch = -1 },
	} {
		c := good
		spoil(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
}
