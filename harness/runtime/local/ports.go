package local

import (
	"fmt"
	"net"
	"strconv"
	"sync"

	"hoplab/harness/component"
)

const loopback = "127.0.0.1"

// ports gives each named port a number of its own. A free one is held open
// until its component starts, so that nothing else on the machine is given it
// in between.
type ports struct {
	fixed map[string]int

	mu    sync.Mutex
	addrs map[string]string
	held  map[string]net.Listener
}

func newPorts(fixed map[string]int) *ports {
	return &ports{fixed: fixed, addrs: map[string]string{}, held: map[string]net.Listener{}}
}

func (p *ports) addr(component, port string) string {
	key := component + "." + port
	p.mu.Lock()
	defer p.mu.Unlock()
	if addr, ok := p.addrs[key]; ok {
		return addr
	}
	p.addrs[key] = p.choose(key)
	return p.addrs[key]
}

func (p *ports) choose(key string) string {
	if number, ok := p.fixed[key]; ok {
		return net.JoinHostPort(loopback, strconv.Itoa(number))
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil { // no port left: let the component's own bind say so
		return net.JoinHostPort(loopback, "0")
	}
	p.held[key] = listener
	return listener.Addr().String()
}

// release frees the ports of c for c to bind, and reports one that is busy.
func (p *ports) release(c component.Component) error {
	for _, port := range c.Ports {
		key, addr := c.Name+"."+port.Name, p.addr(c.Name, port.Name)
		p.mu.Lock()
		listener := p.held[key]
		delete(p.held, key)
		p.mu.Unlock()
		if listener != nil {
			listener.Close()
			continue
		}
		if err := checkFree(addr); err != nil {
			return &BusyPortError{Port: key, Addr: addr, Cause: err}
		}
	}
	return nil
}

func checkFree(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	return listener.Close()
}

func (p *ports) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, listener := range p.held {
		listener.Close()
		delete(p.held, key)
	}
}

// BusyPortError says that something else listens where a component has to.
type BusyPortError struct {
	Port  string // "kafka.client"
	Addr  string
	Cause error
}

func (e *BusyPortError) Error() string {
	return fmt.Sprintf("its port %s can't listen on %s: %v", e.Port, e.Addr, e.Cause)
}

func (e *BusyPortError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *BusyPortError) Hint() string {
	return "stop the program that listens on " + e.Addr + ", or choose another port with --port " + e.Port + "=NUMBER"
}
