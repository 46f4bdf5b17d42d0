package testenv

import (
	"context"
	"sync"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
)

// MQTTClient publishes to topics and listens to them.
type MQTTClient struct{ e *Env }

const goodbyeMillis = 100 // for a client to say goodbye

// Addr returns where programs on this machine reach the broker, as host:port.
func (m MQTTClient) Addr() string {
	m.e.t.Helper()
	return m.e.Addr(m.e.Broker(), "mqtt")
}

func (m MQTTClient) session(purpose string) wire.Session {
	m.e.t.Helper()
	return wire.Session{Addr: m.Addr(), Login: m.e.Access()[m.e.Broker()], ClientID: m.e.Name(purpose)}
}

// Publish publishes messages with QoS 1 over one connection, in their order, and returns
// when the broker has acknowledged each.
func (m MQTTClient) Publish(topic string, payloads ...string) {
	m.e.t.Helper()
	ctx := m.e.t.Context()
	client, err := m.session("publish").Connect(ctx)
	if err != nil {
		m.e.t.Fatal(err)
	}
	defer client.Disconnect(goodbyeMillis)
	tokens := make([]mqtt.Token, len(payloads))
	for i, payload := range payloads {
		tokens[i] = client.Publish(topic, 1, false, payload)
	}
	for i, token := range tokens {
		if err := wire.Answer(ctx, token); err != nil {
			m.e.t.Fatalf("publish message %d of %d to %q: %v", i+1, len(payloads), topic, err)
		}
	}
}

// Subscription keeps what is published to a topic.
type Subscription struct {
	mu       sync.Mutex
	messages []mqtt.Message
	lost     error
}

// Subscribe listens to a topic with QoS 1 until the test's end. What is published once it
// has returned is heard.
func (m MQTTClient) Subscribe(topic string) *Subscription {
	m.e.t.Helper()
	s := &Subscription{}
	session := m.session("subscribe")
	session.Lost = s.lose
	client, err := session.Subscribe(m.e.t.Context(), topic, 1, s.hear)
	if err != nil {
		m.e.t.Fatal(err)
	}
	m.e.t.Cleanup(func() { client.Disconnect(goodbyeMillis) })
	return s
}

func (s *Subscription) hear(m mqtt.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
}

func (s *Subscription) lose(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lost = err
}

// Count counts what was heard so far. It fails once the connection is lost.
func (s *Subscription) Count(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(len(s.messages)), s.lost
}

// Payloads returns what was heard so far, in order.
func (s *Subscription) Payloads() (payloads []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		payloads = append(payloads, string(m.Payload()))
	}
	return payloads
}
