package bridge

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/rows/wisdm"
)

// fake is a sink that keeps records, and fails on request.
type fake struct {
	// prepared, if any, answers prepare.
	prepared func() error
	// writing, if any, is asked before a write: it may block, and returns what
	// isn't to be kept and the error to return. Lost records are kept, but
	// reported as left.
	writing func(ctx context.Context, records []kafka.Message) (left []kafka.Message, lost bool, err error)

	mu   sync.Mutex
	kept []kafka.Message
}

func (f *fake) prepare(context.Context) (string, error) {
	if f.prepared != nil {
		return "", f.prepared()
	}
	return "", nil
}

func (f *fake) write(ctx context.Context, records []kafka.Message) ([]kafka.Message, error) {
	var left []kafka.Message
	var lost bool
	var err error
	if f.writing != nil {
		left, lost, err = f.writing(ctx, records)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range records {
		if !lost && slices.ContainsFunc(left, func(l kafka.Message) bool { return bytes.Equal(l.Value, r.Value) }) {
			continue
		}
		r.Key, r.Value = bytes.Clone(r.Key), bytes.Clone(r.Value)
		f.kept = append(f.kept, r)
	}
	return left, err
}

func (f *fake) close() {}

func (f *fake) all() []kafka.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.kept)
}

func (f *fake) values() (values []string) {
	for _, r := range f.all() {
		values = append(values, string(r.Value))
	}
	return values
}

func (f *fake) await(t *testing.T, n int) {
	t.Helper()
	await(t, func() bool { return len(firsts(f.values())) >= n }, func() string {
		return fmt.Sprintf("%d of %d messages in Kafka", len(firsts(f.values())), n)
	})
}

func firsts(values []string) (different []string) {
	seen := map[string]bool{}
	for _, v := range values {
		if !seen[v] {
			seen[v] = true
			different = append(different, v)
		}
	}
	return different
}

// blocked returns a fake's writing that waits until open is closed.
func blocked(open chan struct{}) func(context.Context, []kafka.Message) ([]kafka.Message, bool, error) {
	return func(ctx context.Context, records []kafka.Message) ([]kafka.Message, bool, error) {
		select {
		case <-open:
			return nil, false, nil
		case <-ctx.Done():
			return records, false, ctx.Err()
		}
	}
}

func await(t *testing.T, ok func() bool, seen func() string) {
	t.Helper()
	if !poll(ok) {
		t.Fatalf("waited for 20 s; last seen: %s", seen())
	}
}

func poll(ok func() bool) bool {
	for limit := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			return false
		}
	}
	return true
}

// runs is a bridge that runs.
type runs struct {
	*Bridge
	cancel context.CancelFunc
	ended  chan error
	over   chan struct{} // closed when it has ended
}

func run(t *testing.T, cfg Config, s sink) *runs {
	t.Helper()
	r := launch(t.Context(), cfg, s)
	t.Cleanup(func() { r.end() })
	return r
}

func launch(ctx context.Context, cfg Config, s sink) *runs {
	if cfg.Kafka == nil {
		cfg.Kafka = []string{"127.0.0.1:1"} // the fake doesn't ask there
	}
	if cfg.Record == nil {
		cfg.Record = wisdm.Record
	}
	cfg, err := cfg.withDefaults()
	if err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &runs{Bridge: newBridge(cfg, s), cancel: cancel, ended: make(chan error, 1), over: make(chan struct{})}
	go func() {
		defer close(r.over)
		r.ended <- r.Run(ctx)
	}()
	return r
}

func (r *runs) awaitReady(t *testing.T) *runs {
	t.Helper()
	select {
	case <-r.Ready():
	case err := <-r.ended:
		t.Fatalf("ended before it was ready: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("not ready in 20 s")
	}
	return r
}

// end ends the bridge, and returns Run's error.
func (r *runs) end() error {
	r.cancel()
	err := <-r.ended
	r.ended <- err // for whoever asks next
	return err
}

func (r *runs) describe() string { return fmt.Sprintf("%+v, trouble: %v", r.Stats(), r.Trouble()) }

// row returns a message as the publisher makes it.
func row(subject, n int) string {
	return string(wisdm.AppendMessage(nil, wisdm.Row{
		Subject: subject, Activity: "A", TS: int64(n), X: float64(n) / 3, Device: "phone", Sensor: "accel", Seq: int64(n),
		Time: wisdm.DefaultBase.Add(time.Duration(n) * time.Millisecond),
	}))
}

func rows(first, last int) (texts []string) {
	for n := first; n <= last; n++ {
		texts = append(texts, row(1600+n%3, n))
	}
	return texts
}

func publish(t *testing.T, addr string, texts ...string) {
	t.Helper()
	publishOn(t, addr, "smart", texts...)
}

func publishOn(t *testing.T, addr, topic string, texts ...string) {
	t.Helper()
	if err := publishTo(addr, topic, texts); err != nil {
		t.Fatal(err)
	}
}

func publishTo(addr, topic string, texts []string) error {
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("publisher").
		SetProtocolVersion(4).SetAutoReconnect(false).SetCustomOpenConnectionFn(wire.Open))
	tokens := []mqtt.Token{client.Connect()}
	tokens[0].WaitTimeout(10 * time.Second)
	for _, text := range texts {
		tokens = append(tokens, client.Publish(topic, 1, false, text))
	}
	defer client.Disconnect(100)
	for _, token := range tokens {
		if !token.WaitTimeout(10 * time.Second) {
			return fmt.Errorf("publish to %s: no answer in 10 s", addr)
		}
		if err := token.Error(); err != nil {
			return err
		}
	}
	return nil
}
