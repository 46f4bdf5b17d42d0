// Package broker is an MQTT broker that runs inside hoplab: for machines
// without mosquitto, and for tests. It is mochi-mqtt with our own delivery,
// since mochi alone keeps at most 65,535 messages for a client that is away
// (MaximumInflight), drops the rest, and sends what it kept ordered by whole seconds
// only (Inflight.GetAll of 2.7.9).
//
// It is only for labs: nobody has to log in, no message is
// retained, and what it holds is gone when it ends.
package broker

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"

	"hoplab.example/harness/server/component"
)

// bounds are those of one session.
type bounds struct {
	window int // QoS 1 messages that may be unacknowledged
	queue  int // messages that may wait to be sent
}

// mosquittoBounds are the bounds of the lab's mosquitto, so that one stands in for the
// other.
var mosquittoBounds = bounds{window: component.MQTTWindow, queue: component.MQTTQueue}

// Broker is a running broker.
type Broker struct {
	server   *mqtt.Server
	listener listeners.Listener
	post     *post
	close    func() error
}

// Start runs a broker on addr, such as "127.0.0.1:0", and logs nothing. It is
// ready for clients when Start returns.
func Start(addr string) (*Broker, error) { return start(addr, io.Discard, mosquittoBounds) }

// StartOn is Start for clients that come through listener, such as one of a
// network within the process. The broker closes it.
func StartOn(listener net.Listener) (*Broker, error) {
	return startOn(listeners.NewNet("net", listener), io.Discard, mosquittoBounds)
}

// Serve runs a broker on addr until ctx ends, and writes warnings to log. At
// its end it says how many messages it had to drop, if any.
func Serve(ctx context.Context, addr string, log io.Writer) error {
	b, err := start(addr, log, mosquittoBounds)
	if err != nil {
		return err
	}
	fmt.Fprintf(log, "mochi-mqtt %s serves MQTT on %s\n", mqtt.Version, b.Addr())
	<-ctx.Done()
	if n := b.Dropped(); n > 0 {
		fmt.Fprintf(log, "%d messages were dropped: more than %d waited for one client\n", n, mosquittoBounds.queue)
	}
	return b.Close()
}

func start(addr string, log io.Writer, bounds bounds) (*Broker, error) {
	return startOn(listeners.NewTCP(listeners.Config{ID: "tcp", Address: addr}), log, bounds)
}

func startOn(listener listeners.Listener, log io.Writer, bounds bounds) (*Broker, error) {
	server := mqtt.New(&mqtt.Options{
		Capabilities: capabilities(),
		Logger:       slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	b := &Broker{
		server:   server,
		listener: listener,
		post:     newPost(server.Topics, bounds),
	}
	b.close = sync.OnceValue(b.closeNow)
	if err := server.AddHook(b.post, nil); err != nil {
		return nil, fmt.Errorf("set up the MQTT broker: %w", err)
	}
	if err := server.AddListener(b.listener); err != nil {
		return nil, fmt.Errorf("serve MQTT on %s: %w; choose another port or stop what holds it", b.Addr(), err)
	}
	if err := server.Serve(); err != nil {
		return nil, fmt.Errorf("start the MQTT broker: %w", err)
	}
	return b, nil
}

// capabilities takes back what mochi would offer but post doesn't carry.
func capabilities() *mqtt.Capabilities {
	c := mqtt.NewDefaultServerCapabilities()
	c.ReceiveMaximum = math.MaxUint16
	c.MaximumInflight = math.MaxUint16
	c.MaximumMessageExpiryInterval = 0
	c.RetainAvailable = 0
	c.SharedSubAvailable = 0
	return c
}

// Addr returns the host:port that the broker listens on.
func (b *Broker) Addr() string { return b.listener.Address() }

// Dropped returns how many messages weren't kept because a client's queue was
// full.
func (b *Broker) Dropped() int64 { return b.post.dropped.Load() }

// Pending returns how many messages the client id has yet to acknowledge or
// to be sent.
func (b *Broker) Pending(id string) int { return b.post.pending(id) }

// Cut breaks the connection of the client id without a word, as a network
// would. It reports whether there was one.
func (b *Broker) Cut(id string) bool {
	client, ok := b.server.Clients.Get(id)
	if !ok || client.Closed() {
		return false
	}
	client.Stop(io.ErrUnexpectedEOF)
	return true
}

// Close ends the broker and its connections. It may be called again.
func (b *Broker) Close() error { return b.close() }

func (b *Broker) closeNow() error {
	b.post.close()
	for _, client := range b.server.Clients.GetAll() {
		hurry(client)
	}
	return b.server.Close()
}
