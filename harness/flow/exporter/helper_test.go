package exporter

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/rows/wisdm"
)

// fakeSource is a topic of one partition, which fails on request.
type fakeSource struct {
	messages  []kafka.Message
	preparing func() error
	fetching  func() error // before a message is handed out
	rejecting func() error
	// committing is called for each commit before it counts.
	committing func([]kafka.Message) error

	mu        sync.Mutex
	next      int
	kept      []kafka.Message
	committed int // messages from the first on
	closed    bool
}

func call(f func() error) error {
	if f == nil {
		return nil
	}
	return f()
}

func (f *fakeSource) prepare(context.Context) error { return call(f.preparing) }

func (f *fakeSource) fetch(ctx context.Context) (kafka.Message, error) {
	if err := call(f.fetching); err != nil {
		return kafka.Message{}, err
	}
	f.mu.Lock()
	if f.next < len(f.messages) {
		m := f.messages[f.next]
		f.next++
		f.mu.Unlock()
		return m, nil
	}
	f.mu.Unlock()
	<-ctx.Done()
	return kafka.Message{}, ctx.Err()
}

func (f *fakeSource) reject(_ context.Context, messages []kafka.Message) error {
	if err := call(f.rejecting); err != nil {
		return err
	}
	f.kept = append(f.kept, messages...)
	return nil
}

func (f *fakeSource) commit(_ context.Context, messages []kafka.Message) error {
	if f.committing != nil {
		if err := f.committing(messages); err != nil {
			return err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.committed = int(messages[len(messages)-1].Offset) + 1
	return nil
}

func (f *fakeSource) close() { f.closed = true }

func (f *fakeSource) commits() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.committed
}

// fakeSink keeps documents by their ids, and fails on request.
type fakeSink struct {
	preparing func() error
	// writing returns the ids that aren't to be kept, and the error to return.
	writing func(ctx context.Context, ids []string) (left []string, err error)

	mu     sync.Mutex
	kept   map[string]string
	writes [][]string
}

func (f *fakeSink) prepare(context.Context) error { return call(f.preparing) }

func (f *fakeSink) write(ctx context.Context, documents []document) (left []document, err error) {
	var ids, not []string
	for _, d := range documents {
		ids = append(ids, d.id)
	}
	if f.writing != nil {
		not, err = f.writing(ctx, ids)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes = append(f.writes, ids)
	if f.kept == nil {
		f.kept = map[string]string{}
	}
	for _, d := range documents {
		if slices.Contains(not, d.id) {
			left = append(left, d)
			continue
		}
		f.kept[d.id] = string(d.source)
	}
	return left, err
}

func (f *fakeSink) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.kept)
}

func rowDocument(m kafka.Message) (string, []byte, error) { return wisdm.Document(m.Value) }

// row is the message of a generated row; seq counts from 1.
func row(seq int) kafka.Message {
	r := wisdm.Row{
		Subject: 1600, Activity: "A", TS: 252207666810782, X: -0.36476135, Y: 8.793503, Z: 1.0550842,
		Device: "phone", Sensor: "accel", Seq: int64(seq), Time: wisdm.DefaultBase.Add(50 * time.Millisecond),
	}
	return kafka.Message{Topic: "smart", Offset: int64(seq - 1), Key: []byte("1600"), Value: wisdm.AppendMessage(nil, r)}
}

func rows(n int) (messages []kafka.Message) {
	for i := range n {
		messages = append(messages, row(i+1))
	}
	return messages
}

func id(seq int) string { return fmt.Sprintf("1600_phone_accel_%d", seq) }

// exporting is an exporter of fakes that runs.
type exporting struct {
	*Exporter
	cancel func()
	ended  chan error
}

func run(t *testing.T, cfg Config, source source, sink sink) *exporting {
	t.Helper()
	cfg.Kafka, cfg.Elasticsearch, cfg.Linger = []string{"fake:1"}, "fake:2", time.Millisecond
	if cfg.Document == nil {
		cfg.Document = rowDocument
	}
	cfg, err := cfg.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	x := &exporting{&Exporter{cfg: cfg, source: source, sink: sink}, cancel, make(chan error, 1)}
	go func() { x.ended <- x.Run(ctx) }()
	t.Cleanup(cancel)
	return x
}

// end ends it, and returns what Run returned.
func (x *exporting) end(t *testing.T) error {
	t.Helper()
	x.cancel()
	return x.wait(t)
}

func (x *exporting) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-x.ended:
		return err
	case <-time.After(20 * time.Second):
		t.Fatalf("it didn't end in 20 s; %+v, %v", x.Stats(), x.Trouble())
		return nil
	}
}

func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited for 20 s: %s", what)
		}
	}
}
