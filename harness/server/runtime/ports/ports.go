// Package ports gives each named port of a stack a free number on Loopback,
// which no other run is given.
package ports

import (
	"fmt"
	"net"
	"strconv"
	"sync"

	"hoplab.example/harness/server/component"
)

// Loopback is the address that every port is on.
const Loopback = "127.0.0.1"

// Ports gives each named port a number of its own, which no other run gets until
// Close. Nothing listens there before the component does: a process that is being
// started inherits what is open here until it has become another program, and a
// listener that was closed meanwhile would still be in the component's way.
type Ports struct {
	fixed map[string]int

	mu     sync.Mutex
	addrs  map[string]string
	blocks []*block
}

// New returns Ports; fixed ones are given by "component.port".
func New(fixed map[string]int) *Ports {
	return &Ports{fixed: fixed, addrs: map[string]string{}}
}

// Addr returns the address of a component's port, as host:port.
func (p *Ports) Addr(component, port string) string {
	key := component + "." + port
	p.mu.Lock()
	defer p.mu.Unlock()
	if addr, ok := p.addrs[key]; ok {
		return addr
	}
	p.addrs[key] = p.choose(key)
	return p.addrs[key]
}

func (p *Ports) choose(key string) string {
	if number, ok := p.fixed[key]; ok {
		return net.JoinHostPort(Loopback, strconv.Itoa(number))
	}
	number, err := p.next()
	if err != nil { // no port left: let the component's own bind say so
		number = 0
	}
	return net.JoinHostPort(Loopback, strconv.Itoa(number))
}

// next takes the next free port of this run's blocks, or of a new one.
func (p *Ports) next() (int, error) {
	if len(p.blocks) > 0 {
		if number := p.blocks[len(p.blocks)-1].take(); number != 0 {
			return number, nil
		}
	}
	b, err := claim()
	if err != nil {
		return 0, err
	}
	p.blocks = append(p.blocks, b)
	return p.next()
}

// Check reports a port of c that is busy.
func (p *Ports) Check(c component.Component) error {
	for _, port := range c.Ports {
		addr := p.Addr(c.Name, port.Name)
		if err := checkFree(addr); err != nil {
			return &BusyError{Port: c.Name + "." + port.Name, Addr: addr, Cause: err}
		}
	}
	return nil
}

// Close lets other runs have the numbers.
func (p *Ports) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.blocks {
		b.guard.Close()
	}
	p.blocks = nil
}

// BusyError says that something else listens where a component has to.
type BusyError struct {
	Port  string // "kafka.client"
	Addr  string
	Cause error
}

func (e *BusyError) Error() string {
	return fmt.Sprintf("its port %s can't listen on %s: %v", e.Port, e.Addr, e.Cause)
}

func (e *BusyError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *BusyError) Hint() string {
	return "stop the program that listens on " + e.Addr + ", or choose another port with --port " + e.Port + "=NUMBER"
}
