package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/net/netutil"

	"hoplab.example/harness/util/wait"
)

const (
	maxConnections = 64
	maxHeader      = 16 << 10 // bytes
	headerLimit    = 5 * time.Second
	idleLimit      = time.Minute
)

// PortError says that the page can't be served on a port.
type PortError struct {
	Port  int
	Cause error
}

func (e *PortError) Error() string {
	return fmt.Sprintf("serve the page on port %d of 127.0.0.1: %v", e.Port, e.Cause)
}

func (e *PortError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *PortError) Hint() string {
	return "choose another port with --port, or leave it out to use a free one"
}

// Serve serves the page on a port of 127.0.0.1, 0 for a free one, until ctx ends,
// which isn't an error. It calls ready with the page's address once that answers.
func Serve(ctx context.Context, c Config, port int, ready func(url string)) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return &PortError{port, err}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	hub := newHub(ctx, c.withDefaults())
	_, taken, _ := net.SplitHostPort(listener.Addr().String()) // net made the address
	handler := newHandler(hub, taken)
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerLimit, ReadTimeout: headerLimit, IdleTimeout: idleLimit,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0),
	}
	context.AfterFunc(ctx, func() { server.Close() }) // Shutdown would wait for listeners forever
	ready("http://127.0.0.1:" + taken + handler.path)
	err = server.Serve(netutil.LimitListener(listener, maxConnections))
	cancel()
	hub.end()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve the page: %w", err)
}

// Once reads the hops twice, which gives rates, checks the hops that hold rows, and
// returns what the page would show then.
func Once(ctx context.Context, c Config) (Snapshot, error) {
	c = c.withDefaults()
	defer c.Source.Close()
	s := newSampler(c)
	s.look(ctx)
	for _, name := range watched {
		if c.Checks[name] != nil && s.seen[name].Rows > 0 && s.seen[name].Err == nil {
			s.checks.run(ctx, name, s.seen[name].Passed)
		}
	}
	_ = wait.For(ctx, c.Every) // the end of ctx is returned below
	shown := s.look(ctx)
	return shown, context.Cause(ctx)
}
