package sandbox

import (
	"context"
	"io"
	"net"
	"sync"
	"time"

	"hoplab.example/harness/util/wait"
)

const (
	dialLimit       = 10 * time.Second
	mostConnections = 256 // at a time, to all addresses
)

// relay forwards connections to listeners inside the sandbox to the same addresses
// outside. A listener belongs to the network that it was created in, whichever process
// accepts from it, so no process inside takes part.
type relay struct {
	slots chan struct{}
	group sync.WaitGroup
}

// serve returns when ctx ends and each connection is closed.
func (r *relay) serve(ctx context.Context, listeners map[string]net.Listener) {
	r.slots = make(chan struct{}, mostConnections)
	for addr, listener := range listeners {
		stop := context.AfterFunc(ctx, func() { listener.Close() })
		defer stop()
		r.group.Go(func() { r.accept(ctx, listener, addr) })
	}
	r.group.Wait()
}

func (r *relay) accept(ctx context.Context, listener net.Listener, addr string) {
	defer listener.Close()
	for {
		select {
		case r.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		inside, err := listener.Accept()
		if err != nil {
			<-r.slots
			if ctx.Err() != nil || !temporary(ctx) {
				return
			}
			continue
		}
		r.group.Go(func() {
			defer func() { <-r.slots }()
			join(ctx, inside, addr)
		})
	}
}

// temporary pauses after a failed accept, mostly for lack of descriptors, and reports
// whether to go on.
func temporary(ctx context.Context) bool {
	return wait.For(ctx, 50*time.Millisecond) == nil
}

// join copies in both directions until both are done. The end of one direction is
// forwarded on its own.
func join(ctx context.Context, inside net.Conn, addr string) {
	defer inside.Close()
	dialer := net.Dialer{Timeout: dialLimit}
	outside, err := dialer.DialContext(ctx, "tcp", addr)
	if err != nil {
		inside.(*net.TCPConn).SetLinger(0) // it is reset, like a refused one
		return
	}
	defer outside.Close()
	stop := context.AfterFunc(ctx, func() { inside.Close(); outside.Close() })
	defer stop()
	var both sync.WaitGroup
	both.Go(func() { pass(outside, inside) })
	both.Go(func() { pass(inside, outside) })
	both.Wait()
}

func pass(to, from net.Conn) {
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		from.Close()
		return
	}
	to.(*net.TCPConn).CloseWrite()
}
