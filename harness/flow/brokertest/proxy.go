package brokertest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy is a way to a broker that can be cut.
type Proxy struct {
	listener net.Listener

	mu     sync.Mutex
	target string
	conns  []net.Conn // both ends of each connection
	down   bool
	made   int
}

// NewProxy opens a way to the broker at target (host:port) for the length of a
// test.
func NewProxy(t *testing.T, target string) *Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{listener: l, target: target}
	t.Cleanup(func() { l.Close(); p.Cut() })
	go p.serve()
	return p
}

// Addr returns the host:port to connect to instead of the broker's.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Cut breaks all connections. Whatever is on its way is lost.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.conns {
		c.Close()
	}
	p.conns = nil
}

// Down cuts, and refuses new connections until it is called with false.
func (p *Proxy) Down(down bool) {
	p.mu.Lock()
	p.down = down
	p.mu.Unlock()
	if down {
		p.Cut()
	}
}

// Redirect has new connections go to another broker.
func (p *Proxy) Redirect(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

// Made returns how many connections have come through.
func (p *Proxy) Made() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.made
}

func (p *Proxy) serve() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.join(near)
	}
}

func (p *Proxy) join(near net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	far, err := net.Dial("tcp", p.target)
	if err != nil || p.down {
		near.Close()
		if far != nil {
			far.Close()
		}
		return
	}
	p.made++
	p.conns = append(p.conns, near, far)
	for _, c := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			io.Copy(c[0], c[1])
			c[0].Close()
			c[1].Close()
		}()
	}
}
