// Package relay is a proxy between a student's script and a server that others use too
// and that gives everybody access to every topic: the MQTT broker, or Kafka. It forwards
// what is about the script's own topics, and closes the connection on anything else.
package relay

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"hoplab.example/harness/server/access"
)

const mostConnections = 64 // at one time

// Limits bound what all clients together publish: the messages stay in the memory of
// the broker and of everybody who subscribes.
type Limits struct {
	Messages, Bytes int64
}

// Broker is where the broker is, host:port, and the login with which clients get in
// there. They don't see it.
type Broker struct {
	Addr  string
	Login access.Login
}

// dial connects to the broker.
func (b Broker) dial(ctx context.Context) (net.Conn, error) {
	if config := b.Login.TLS.Config(); config != nil {
		return (&tls.Dialer{Config: config}).DialContext(ctx, "tcp", b.Addr)
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", b.Addr)
}

// Relay is a proxy that listens.
type Relay struct {
	server   Broker
	carrier  func(ctx context.Context) carrier
	listener net.Listener
	slots    chan struct{}
	group    sync.WaitGroup
	stop     func()

	ended   chan struct{} // closed with the first refusal
	mu      sync.Mutex
	refused error // the first
}

// carrier carries what one connection says, each direction until it ends.
type carrier interface {
	up(server io.Writer, script io.Reader) error // the script's own, as far as it is allowed
	down(script io.Writer, server io.Reader) error
}

// Start listens on a free port of 127.0.0.1 until ctx ends or [Relay.Close], and
// forwards connections to the broker. topic is the only topic that clients can publish or
// subscribe to.
func Start(ctx context.Context, broker Broker, topic string, limits Limits) (*Relay, error) {
	left := newBudget(limits)
	return start(ctx, broker, func(context.Context) carrier { return &messages{client{topic: topic, left: left, login: broker.Login}} })
}

func start(ctx context.Context, server Broker, carrier func(context.Context) carrier) (*Relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for a script's connections: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &Relay{server: server, carrier: carrier, listener: listener, slots: make(chan struct{}, mostConnections), ended: make(chan struct{})}
	r.stop = cancel
	context.AfterFunc(ctx, func() { listener.Close() })
	r.group.Go(func() { r.accept(ctx) })
	return r, nil
}

// Addr returns where it listens, as host:port.
func (r *Relay) Addr() string { return r.listener.Addr().String() }

// Close ends it and its connections.
func (r *Relay) Close() {
	r.stop()
	r.group.Wait()
}

// Refused returns why the first connection was closed that was, or nil.
func (r *Relay) Refused() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.refused
}

// Refusing is closed once a connection was closed because of what its client did.
func (r *Relay) Refusing() <-chan struct{} { return r.ended }

func (r *Relay) accept(ctx context.Context) {
	for {
		inside, err := r.listener.Accept()
		if err != nil {
			return
		}
		select {
		case r.slots <- struct{}{}:
			r.group.Go(func() {
				defer func() { <-r.slots }()
				r.serve(ctx, inside)
			})
		default:
			inside.Close()
		}
	}
}

// serve returns when either side has closed its connection.
func (r *Relay) serve(ctx context.Context, inside net.Conn) {
	defer inside.Close()
	outside, err := r.server.dial(ctx)
	if err != nil {
		return
	}
	defer outside.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(ctx, func() { inside.Close(); outside.Close() })
	talk := r.carrier(ctx)
	var back sync.WaitGroup
	defer back.Wait()
	back.Go(func() {
		defer cancel()
		r.note(talk.down(inside, outside)) // another error means that one side is closed
	})
	err = talk.up(outside, inside)
	if r.note(err); errors.Is(err, io.EOF) {
		outside.(interface{ CloseWrite() error }).CloseWrite() // the server may have more to say
		back.Wait()
	}
	cancel()
}

// note keeps the first refusal.
func (r *Relay) note(err error) {
	var refused *RefusedError
	if !errors.As(err, &refused) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refused == nil {
		r.refused = refused
		close(r.ended)
	}
}
