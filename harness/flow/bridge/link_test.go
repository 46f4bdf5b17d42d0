package bridge

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// link is one connection: ends[0] is the client's. What end i reads is
// streams[i].
type link struct {
	host  *host
	addr  string
	delay time.Duration

	mu      sync.Mutex
	change  *sync.Cond
	ends    [2]*end
	streams [2]*stream
	broken  bool
	silent  bool
	onCut   func(half bool) // half: what was written arrives, its answers don't
}

// stream is one direction.
type stream struct {
	chunks   []chunk
	deadline time.Time // of its reader
	ended    bool      // its writer has closed
	shut     bool      // its reader has closed
	keeps    bool      // what is on its way when the link is cut still arrives
	limit    int       // bytes until the link is cut; 0: never
}

type chunk struct {
	at   time.Time
	data []byte
}

func newLink(h *host, addr string, delay time.Duration, keeps0, keeps1 bool) *link {
	k := &link{host: h, addr: addr, delay: delay}
	k.change = sync.NewCond(&k.mu)
	for i, keeps := range []bool{keeps0, keeps1} {
		k.ends[i], k.streams[i] = &end{link: k, in: i}, &stream{keeps: keeps}
	}
	return k
}

func (k *link) cut() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.cutLocked()
}

// cutLocked reports whether the link was up.
func (k *link) cutLocked() bool {
	if k.broken || k.streams[0].shut || k.streams[1].shut {
		return false
	}
	k.broken = true
	for _, s := range k.streams {
		if !s.keeps {
			s.chunks = nil
		}
	}
	k.change.Broadcast()
	if k.onCut != nil {
		k.onCut(k.streams[1].keeps && !k.streams[0].keeps)
	}
	return true
}

func (k *link) hush() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	was := !k.silent && !k.broken && !k.streams[0].shut && !k.streams[1].shut
	k.silent = true
	for _, s := range k.streams {
		s.chunks = nil
	}
	return was
}

// end is a net.Conn.
type end struct {
	link *link
	in   int
}

func (e *end) Read(p []byte) (int, error) {
	k, s := e.link, e.link.streams[e.in]
	k.mu.Lock()
	defer k.mu.Unlock()
	for {
		now := time.Now()
		var next time.Time
		switch {
		case s.shut:
			return 0, net.ErrClosed
		case !s.deadline.IsZero() && !now.Before(s.deadline):
			return 0, os.ErrDeadlineExceeded
		case len(s.chunks) > 0 && !s.chunks[0].at.After(now):
			return s.take(p), nil
		case len(s.chunks) > 0:
			next = s.chunks[0].at
		case k.broken:
			return 0, syscall.ECONNRESET
		case s.ended:
			return 0, io.EOF
		}
		if next.IsZero() || !s.deadline.IsZero() && s.deadline.Before(next) {
			next = s.deadline
		}
		k.await(next)
	}
}

func (s *stream) take(p []byte) int {
	n := copy(p, s.chunks[0].data)
	if s.chunks[0].data = s.chunks[0].data[n:]; len(s.chunks[0].data) == 0 {
		s.chunks = s.chunks[1:]
	}
	return n
}

// await waits for a change until next, or forever where that is zero.
func (k *link) await(next time.Time) {
	if !next.IsZero() {
		timer := time.AfterFunc(time.Until(next), func() {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.change.Broadcast()
		})
		defer timer.Stop()
	}
	k.change.Wait()
}

func (e *end) Write(p []byte) (int, error) {
	k, s := e.link, e.link.streams[1-e.in]
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case s.ended:
		return 0, net.ErrClosed
	case k.broken || s.shut:
		return 0, syscall.EPIPE
	case k.silent:
		return len(p), nil
	}
	n, last := len(p), s.limit > 0 && len(p) >= s.limit
	if last {
		n = s.limit
	}
	s.limit = max(0, s.limit-n)
	s.chunks = append(s.chunks, chunk{time.Now().Add(k.delay), append([]byte(nil), p[:n]...)})
	k.change.Broadcast()
	if last {
		k.cutLocked()
		return n, syscall.EPIPE
	}
	return n, nil
}

func (e *end) Close() error {
	k := e.link
	k.mu.Lock()
	defer k.mu.Unlock()
	k.streams[e.in].shut, k.streams[1-e.in].ended = true, true
	k.change.Broadcast()
	return nil
}

func (e *end) LocalAddr() net.Addr  { return address("near") }
func (e *end) RemoteAddr() net.Addr { return address(e.link.addr) }

func (e *end) SetReadDeadline(t time.Time) error {
	k := e.link
	k.mu.Lock()
	defer k.mu.Unlock()
	k.streams[e.in].deadline = t
	k.change.Broadcast()
	return nil
}

// Writing never waits.
func (e *end) SetWriteDeadline(time.Time) error { return nil }
func (e *end) SetDeadline(t time.Time) error    { return e.SetReadDeadline(t) }
