package ports

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"hoplab.example/harness/server/component"
)

// While a component boots, nothing is bound to its port yet. Nobody else may be
// given it then.
func TestPortIsGivenToNobodyElse(t *testing.T) {
	given := map[string]bool{}
	ours := New(nil)
	defer ours.Close()
	c := component.Component{Name: "kafka"}
	for i := range 2 * blockSize {
		c.Ports = append(c.Ports, component.Port{Name: fmt.Sprint("p", i)})
	}
	for _, p := range c.Ports {
		given[ours.Addr(c.Name, p.Name)] = true
	}
	if len(given) != len(c.Ports) {
		t.Fatalf("%d ports have %d numbers", len(c.Ports), len(given))
	}
	if err := ours.Check(c); err != nil {
		t.Fatal(err)
	}

	// Every block that can be had, one after the other.
	low, high := choice()
	theirs := New(nil)
	defer theirs.Close()
	for i := range (high - low) / 2 {
		addr := theirs.Addr("other", fmt.Sprint(i))
		if addr == net.JoinHostPort(Loopback, "0") {
			return
		}
		if given[addr] {
			t.Fatalf("%s was given out again while its component starts", addr)
		}
	}
}

func TestCloseGivesPortsBack(t *testing.T) {
	p := New(nil)
	addr := p.Addr("kafka", "client")
	guard := p.blocks[0].guard.Addr().String()
	p.Close()
	for _, a := range []string{addr, guard} {
		if err := checkFree(a); err != nil {
			t.Errorf("%s is still taken: %v", a, err)
		}
	}
}

func TestCheckFindsABusyPort(t *testing.T) {
	server, err := net.Listen("tcp", Loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	p := New(map[string]int{"kafka.client": server.Addr().(*net.TCPAddr).Port})
	defer p.Close()
	err = p.Check(component.Component{Name: "kafka", Ports: []component.Port{{Name: "client"}}})
	var busy *BusyError
	if !errors.As(err, &busy) || busy.Port != "kafka.client" || !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("error = %v", err)
	}
}

func TestOutside(t *testing.T) {
	for _, test := range []struct{ outgoing, last, low, high int }{
		{32768, 60999, firstPort, lastPort},
		{49152, 65535, firstPort, lastPort},
		{15000, 65535, 10000, 15000},
		{1024, 40000, 40001, 65535},
		{1024, 65535, firstPort, lastPort},
		{1024, 19999, firstPort, lastPort},
	} {
		name := strconv.Itoa(test.outgoing) + "-" + strconv.Itoa(test.last)
		if low, high := outside(test.outgoing, test.last); low != test.low || high != test.high {
			t.Errorf("beside %s: %d to %d, want %d to %d", name, low, high, test.low, test.high)
		}
	}
}

// TestPortIsFree has something listen on each port as soon as it is chosen, while
// other processes are being started: a Mosquitto found its port taken in CI.
func TestPortIsFree(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var starters sync.WaitGroup
	defer starters.Wait()
	defer stop()
	for range 4 {
		starters.Go(func() {
			for ctx.Err() == nil {
				exec.CommandContext(ctx, "true").Run()
			}
		})
	}
	c := component.Component{Name: "c", Ports: []component.Port{{Name: "p"}}}
	for i := range 2000 {
		p := New(nil)
		addr := p.Addr("c", "p")
		if err := p.Check(c); err != nil {
			t.Fatal(err)
		}
		server, err := net.Listen("tcp", addr)
		if err != nil {
			t.Fatalf("port %d of 2000: %v", i+1, err)
		}
		server.Close()
		p.Close()
	}
}
