package bridge

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"syscall"
	"time"
)

// network is one within the process, for a bubble of testing/synctest: its time
// is the bubble's, so waiting costs nothing. What is written arrives after a
// delay. A link breaks when it is cut, or after so many bytes, which may
// be in the middle of a packet.
type network struct {
	mu        sync.Mutex
	random    *rand.Rand
	delay     time.Duration // of what is written, and each way of a dial
	listeners map[string]*listener
	links     []*link
	// trouble, if any, is asked for each new link, and may change it.
	trouble func(*link)
}

func newNetwork(random *rand.Rand) *network {
	return &network{random: random, delay: time.Duration(1+random.IntN(1000)) * time.Microsecond, listeners: map[string]*listener{}}
}

// host is one end of links: a process that can be cut off.
type host struct {
	network *network
	frail   bool            // its links may break by themselves
	cutOff  map[string]bool // by address; "" is all of them
}

func (n *network) host() *host { return &host{network: n, cutOff: map[string]bool{}} }

// isolate refuses new links to addr, or to all addresses where it is "", until
// called with false.
func (h *host) isolate(addr string, off bool) {
	h.network.mu.Lock()
	defer h.network.mu.Unlock()
	h.cutOff[addr] = off
}

func (h *host) dial(_ context.Context, _, addr string) (net.Conn, error) {
	n := h.network
	time.Sleep(2 * n.delay)
	n.mu.Lock()
	l := n.listeners[addr]
	if l == nil || h.cutOff[""] || h.cutOff[addr] {
		n.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: address(addr), Err: syscall.ECONNREFUSED}
	}
	k := newLink(h, addr, n.delay, n.random.IntN(2) == 0, n.random.IntN(2) == 0)
	if n.trouble != nil {
		n.trouble(k)
	}
	n.links = append(n.links, k)
	n.mu.Unlock()
	select {
	case l.arrived <- k.ends[1]:
		return k.ends[0], nil
	case <-l.closed:
		k.cut()
		return nil, syscall.ECONNREFUSED
	}
}

// cut breaks the links of a host to addr, or to all addresses where it is "",
// and reports whether there were any.
func (n *network) cut(h *host, addr string) (any bool) {
	for _, k := range n.of(h, addr) {
		any = k.cut() || any
	}
	return any
}

// silence lets nothing through on those links any more, without an error.
func (n *network) silence(h *host, addr string) (any bool) {
	for _, k := range n.of(h, addr) {
		any = k.hush() || any
	}
	return any
}

func (n *network) of(h *host, addr string) (links []*link) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, k := range n.links {
		if k.host == h && (addr == "" || k.addr == addr) {
			links = append(links, k)
		}
	}
	return links
}

type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

type listener struct {
	addr    string
	arrived chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (n *network) listen(_, addr string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, port, _ := net.SplitHostPort(addr)
	if port == "0" {
		addr = net.JoinHostPort(host, fmt.Sprint(1+len(n.listeners)))
	}
	l := &listener{addr: addr, arrived: make(chan net.Conn), closed: make(chan struct{})}
	n.listeners[addr] = l
	return l, nil
}

func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.arrived:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *listener) Addr() net.Addr { return address(l.addr) }
