package probe

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access"
)

// Listener is a subscriber that counts all messages, valid rows or not, and keeps
// only the last ones: it may listen for days.
type Listener struct {
	client mqtt.Client
	keep   int

	mu    sync.Mutex
	count int64
	last  [][]byte // the oldest first
	lost  error
}

// Listen begins to listen to a topic of the broker at addr (host:port) with
// QoS 1, and keeps the last few messages. What is published once it has returned
// is received. It doesn't reconnect: once the connection is lost, Heard returns an
// error.
func Listen(ctx context.Context, addr string, login access.Login, topic, clientID string, keep int) (*Listener, error) {
	l := &Listener{keep: keep}
	var err error
	if l.client, err = (wire.Session{Addr: addr, Login: login, ClientID: clientID, Lost: l.hangUp}).Subscribe(ctx, topic, 1, l.hear); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *Listener) hangUp(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost = fmt.Errorf("the connection to the MQTT broker was lost: %w", err)
}

func (l *Listener) hear(msg mqtt.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	if len(l.last) == l.keep {
		l.last = append(l.last[:0], l.last[1:]...)
	}
	l.last = append(l.last, bytes.Clone(msg.Payload()))
}

// Heard returns how many messages there were and the last ones, the latest
// first. err is not nil once the connection is lost.
func (l *Listener) Heard() (count int64, last [][]byte, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last = slices.Clone(l.last)
	slices.Reverse(last)
	return l.count, last, l.lost
}

// Close ends the subscription.
func (l *Listener) Close() { l.client.Disconnect(disconnectMillis) }
