package secure

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime/ports"
)

// published are the ports of the machine that lead into a run's containers, and into
// those that the library has made beside them, with the address that each is bound to.
func published(t *testing.T, s *scenario.Stack) (found []socket) {
	t.Helper()
	engine, err := image.NewEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	const session = "org.testcontainers.sessionId"
	labels := map[string]bool{"hoplab.run=" + s.Run().Client.Dir(): true}
	for _, c := range listed(t, engine, "hoplab.run="+s.Run().Client.Dir()) {
		if id := c.Labels[session]; id != "" {
			labels[session+"="+id] = true
		}
	}
	seen := map[socket]bool{}
	for label := range labels {
		for _, c := range listed(t, engine, label) {
			for _, p := range c.Ports {
				one := socket{netip.AddrPortFrom(p.IP, p.PublicPort), fmt.Sprintf("port %d of the container %v", p.PrivatePort, c.Names)}
				if p.PublicPort != 0 && !seen[one] {
					seen[one] = true
					found = append(found, one)
				}
			}
		}
	}
	return found
}

func listed(t *testing.T, engine *image.Engine, label string) []container.Summary {
	t.Helper()
	found, err := engine.ContainerList(t.Context(), client.ContainerListOptions{All: true, Filters: client.Filters{}.Add("label", label)})
	if err != nil {
		t.Fatal(err)
	}
	return found.Items
}

// outside are the machine's addresses that others may reach.
func outside(t *testing.T) (found []netip.Addr) {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && !prefix.Addr().IsLoopback() && !prefix.Addr().IsLinkLocalUnicast() { // these need a zone
			found = append(found, prefix.Addr())
		}
	}
	return found
}

// open tries every port of an address, and returns those that take a connection.
func open(t *testing.T, addr netip.Addr) map[uint16]bool {
	t.Helper()
	var mu sync.Mutex
	found := map[uint16]bool{}
	var group sync.WaitGroup
	const workers = 64
	for first := range workers {
		group.Go(func() {
			dialer := net.Dialer{Timeout: 2 * time.Second}
			for port := first; port <= 65535; port += workers {
				conn, err := dialer.DialContext(context.WithoutCancel(t.Context()), "tcp", netip.AddrPortFrom(addr, uint16(port)).String())
				if err == nil {
					conn.Close()
					mu.Lock()
					found[uint16(port)] = true
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	return found
}

// notFromOutside fails the test where a scan of each of the machine's addresses reaches
// one of the sockets. Those of others, such as a machine's ssh, are their own business.
func notFromOutside(t *testing.T, sockets []socket) {
	t.Helper()
	addrs := outside(t)
	if len(addrs) == 0 {
		t.Error("this machine has no address but loopback: nothing was tried")
	}
	for _, addr := range addrs {
		reached := open(t, addr)
		t.Logf("%v: %d ports take connections", addr, len(reached))
		for _, s := range sockets {
			if reached[s.at.Port()] {
				t.Errorf("%v is reached at %v: %s", s.at, addr, s.process)
			}
		}
	}
	inside := open(t, netip.MustParseAddr(ports.Loopback))
	for _, s := range sockets {
		if s.at.Addr().Is4() && !inside[s.at.Port()] {
			t.Errorf("%v isn't found by a scan of loopback, so the scan proves nothing: %s", s.at, s.process)
		}
	}
}

// TestScanSeesAnOpenPort shows that the scan can fail.
func TestScanSeesAnOpenPort(t *testing.T) {
	listener, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := uint16(listener.Addr().(*net.TCPAddr).Port)
	for _, addr := range outside(t) {
		if addr.Is4() {
			if !open(t, addr)[port] {
				t.Errorf("port %d is open to all and not seen at %v", port, addr)
			}
			return
		}
	}
	t.Skip("skipped because this machine has no address but loopback")
}
