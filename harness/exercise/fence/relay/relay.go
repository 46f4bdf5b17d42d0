// Package relay is a proxy between a student's script and the MQTT broker, which
// others use too and which gives everybody access to every topic. It forwards packets
// about the script's own topic, and closes the connection on any other.
package relay

import (
	"bufio"
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
	broker   Broker
	topic    string
	left     budget
	listener net.Listener
	slots    chan struct{}
	group    sync.WaitGroup
	stop     func()

	ended   chan struct{} // closed with the first refusal
	mu      sync.Mutex
	refused error // the first
}

// Start listens on a free port of 127.0.0.1 until ctx ends or [Relay.Close], and
// forwards connections to the broker. topic is the only topic that clients can publish or
// subscribe to.
func Start(ctx context.Context, broker Broker, topic string, limits Limits) (*Relay, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for a script's MQTT connections: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &Relay{broker: broker, topic: topic, listener: listener, slots: make(chan struct{}, mostConnections), ended: make(chan struct{})}
	r.stop = cancel
	r.left.messages.Store(limits.Messages)
	r.left.bytes.Store(limits.Bytes)
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
	outside, err := r.broker.dial(ctx)
	if err != nil {
		return
	}
	defer outside.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(ctx, func() { inside.Close(); outside.Close() })
	var back sync.WaitGroup
	defer back.Wait()
	back.Go(func() {
		defer cancel()
		io.Copy(inside, outside) // an error means that one side is closed
	})
	var refused *RefusedError
	if err := r.pass(outside, inside); errors.As(err, &refused) {
		r.note(refused)
	} else if errors.Is(err, io.EOF) {
		outside.(interface{ CloseWrite() error }).CloseWrite() // the broker may have more to say
		back.Wait()
	}
	cancel()
}

func (r *Relay) note(refused *RefusedError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refused == nil {
		r.refused = refused
		close(r.ended)
	}
}

// pass forwards packets to the broker. It flushes them once no more have
// arrived.
func (r *Relay) pass(to io.Writer, from io.Reader) error {
	in, out := bufio.NewReaderSize(from, 64<<10), bufio.NewWriterSize(to, 64<<10)
	c := client{topic: r.topic, left: &r.left, login: r.broker.Login}
	for {
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
		packet, body, err := read(in)
		if err != nil {
			return errors.Join(err, out.Flush())
		}
		if packet, err = c.check(packet, body); err != nil {
			return errors.Join(err, out.Flush())
		}
		if _, err := out.Write(packet); err != nil {
			return err
		}
	}
}
