package broker

import (
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
)

const topic = "smart"

func begin(t *testing.T, bounds bounds) *Broker {
	t.Helper()
	b, err := start("127.0.0.1:0", io.Discard, bounds)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// ear is a client that keeps what it hears, and acknowledges only on request
// unless it is prompt.
type ear struct {
	client mqtt.Client
	prompt bool

	mu    sync.Mutex
	heard []mqtt.Message
}

func (e *ear) hear(_ mqtt.Client, m mqtt.Message) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, m)
	if e.prompt {
		m.Ack()
	}
}

func (e *ear) all() []mqtt.Message {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]mqtt.Message(nil), e.heard...)
}

func (e *ear) texts() (texts []string) {
	for _, m := range e.all() {
		texts = append(texts, string(m.Payload()))
	}
	return texts
}

// awaitCount waits until n messages were heard.
func (e *ear) awaitCount(t *testing.T, n int) []string {
	t.Helper()
	await(t, func() bool { return len(e.all()) >= n }, func() string { return fmt.Sprintf("%d of %d messages", len(e.all()), n) })
	return e.texts()
}

func await(t *testing.T, ok func() bool, seen func() string) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("waited for 20 s; last seen: %s", seen())
		}
	}
}

// dial connects a client. A connection that ends stays ended.
func dial(t *testing.T, b *Broker, id string, clean bool, prompt bool) *ear {
	t.Helper()
	e := &ear{prompt: prompt}
	e.client = mqtt.NewClient(mqtt.NewClientOptions().
		AddBroker("tcp://" + b.Addr()).SetClientID(id).SetCleanSession(clean).
		SetProtocolVersion(4).SetAutoReconnect(false).SetAutoAckDisabled(true).
		SetCustomOpenConnectionFn(wire.Open).SetDefaultPublishHandler(e.hear))
	finish(t, e.client.Connect())
	t.Cleanup(func() { e.client.Disconnect(100) })
	return e
}

func (e *ear) subscribe(t *testing.T, qos byte) *ear {
	t.Helper()
	finish(t, e.client.Subscribe(topic, qos, nil))
	return e
}

// leave disconnects and waits until the broker knows.
func (e *ear) leave(t *testing.T, b *Broker, id string) {
	t.Helper()
	e.client.Disconnect(100)
	await(t, func() bool { return !b.post.present(id) }, func() string { return id + " is still there" })
}

func (p *post) present(id string) bool {
	s := p.session(id)
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client != nil
}

func finish(t *testing.T, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(20 * time.Second) {
		t.Fatal("no answer in 20 s")
	}
	if err := token.Error(); err != nil {
		t.Fatal(err)
	}
}

// publish sends the numbers from first to last and waits until the broker has
// them.
func publish(t *testing.T, b *Broker, qos byte, first, last int) {
	t.Helper()
	publisher := dial(t, b, "publisher", true, true).client
	var tokens []mqtt.Token
	for n := first; n <= last; n++ {
		tokens = append(tokens, publisher.Publish(topic, qos, false, fmt.Sprint(n)))
	}
	for _, token := range tokens {
		finish(t, token)
	}
	publisher.Disconnect(100)
}

func numbers(first, last int) (texts []string) {
	for n := first; n <= last; n++ {
		texts = append(texts, fmt.Sprint(n))
	}
	return texts
}
