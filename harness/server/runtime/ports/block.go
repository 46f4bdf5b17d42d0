package ports

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
)

// Free ports are given out in blocks. On the first port of a block something
// listens for as long as its run lasts: that is what other runs find taken.
type block struct {
	guard net.Listener
	next  int // the port to try next
	end   int // one past the last
}

const (
	blockSize = 32
	tries     = 400
)

func claim() (*block, error) {
	low, high := choice()
	var last error
	for range tries {
		first := low + blockSize*rand.IntN((high-low)/blockSize)
		guard, err := net.Listen("tcp", net.JoinHostPort(Loopback, strconv.Itoa(first)))
		if err == nil {
			return &block{guard: guard, next: first + 1, end: first + blockSize}, nil
		}
		last = err
	}
	return nil, last
}

// take returns 0 when the block has no free port left.
func (b *block) take() int {
	for b.next < b.end {
		number := b.next
		b.next++
		if checkFree(net.JoinHostPort(Loopback, strconv.Itoa(number))) == nil {
			return number
		}
	}
	return 0
}

// Ports are chosen outside those that the system gives to outgoing connections:
// one of these takes a port without asking whether somebody counts on it.
// 20000 to 32000 is below them on Linux (from 32768: ip-sysctl.rst of the kernel) and on
// macOS (from 49152: IPPORT_HIFIRSTAUTO in netinet/in.h).
const (
	firstPort = 20000
	lastPort  = 32000
	enough    = 4096 // ports, to choose from
)

// rangeFile is where Linux says which ports are for outgoing connections.
const rangeFile = "/proc/sys/net/ipv4/ip_local_port_range"

func choice() (low, high int) {
	text, _ := os.ReadFile(rangeFile)
	var outgoing, last int
	if _, err := fmt.Sscan(string(text), &outgoing, &last); err != nil {
		return firstPort, lastPort
	}
	return outside(outgoing, last)
}

// outside chooses ports beside those from outgoing to last.
func outside(outgoing, last int) (low, high int) {
	switch {
	case outgoing > lastPort || last < firstPort:
		return firstPort, lastPort
	case outgoing-10000 >= enough:
		return 10000, outgoing
	case 65535-last >= enough:
		return last + 1, 65535
	}
	return firstPort, lastPort
}
