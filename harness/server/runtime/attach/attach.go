// Package attach is a runtime for components that already run: a managed Kafka,
// a Flink session cluster with its SQL Gateway, an Elasticsearch in a cloud, a
// campus's MQTT broker. A file says where they are and how to log in. Nothing
// is started here and nothing is stopped; what a run makes on such a cluster,
// the run itself removes.
package attach

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/wait"
)

const (
	readyLimit = 15 * time.Second // for a component that runs to answer at all
	askLimit   = 6 * time.Second  // for one answer
	askPause   = 200 * time.Millisecond
)

// Runtime has the components of a file.
type Runtime struct {
	file  *File
	limit time.Duration // for a component to answer
	done  chan struct{}
}

var _ runtime.Runtime = (*Runtime)(nil)

// New returns the runtime of a file.
func New(file *File) *Runtime {
	return &Runtime{file: file, limit: readyLimit, done: make(chan struct{})}
}

// Name returns "attach".
func (r *Runtime) Name() string { return "attach" }

// Addr returns the file's address of a component, or "" for a port that no
// client needs.
func (r *Runtime) Addr(component, port string) string { return r.file.Addr(component, port) }

// Peer returns the address at which the cluster's components reach each other.
func (r *Runtime) Peer(component, port string) string { return r.file.Peer(component, port) }

// Login returns the file's login at a component.
func (r *Runtime) Login(component string) access.Login { return r.file.Access()[component] }

// Relaunch can't be: nothing here was launched.
func (r *Runtime) Relaunch(context.Context, component.Component) (runtime.Instance, error) {
	return nil, errNotOurs
}

// Launch starts nothing. It asks c whether it serves, and waits only as long as
// a network may need; a login that is refused is an error at once.
func (r *Runtime) Launch(ctx context.Context, c component.Component, _ func(runtime.Download)) (runtime.Instance, error) {
	if err := r.file.Require([]string{c.Name}); err != nil {
		return nil, err
	}
	limit, cancel := context.WithTimeout(ctx, r.limit)
	defer cancel()
	err := wait.Until(limit, askPause, func() (bool, error) {
		err := r.ask(limit, c)
		return err == nil || dial.Refused(err), err
	})
	var ended *wait.Ended
	switch {
	case err == nil:
		return instance{r.done}, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &ended):
		return nil, &UnreachableError{Component: c.Name, Addr: r.file.Address(c.Name), Place: r.file.fileLine(c.Name), Limit: r.limit, Last: ended.Last}
	}
	return nil, err
}

func (r *Runtime) ask(ctx context.Context, c component.Component) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return c.Ready(ctx, r)
}

// Close removes nothing.
func (r *Runtime) Close() error {
	select {
	case <-r.done:
	default:
		close(r.done)
	}
	return nil
}

// UnreachableError says that a component of the file doesn't answer as it should.
type UnreachableError struct {
	Component, Addr string
	Place           string // file:line of its entry
	Limit           time.Duration
	Last            error // its last answer
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s at %s doesn't serve; asked for %v, last answer: %v", e.Component, e.Addr, e.Limit, e.Last)
}

func (e *UnreachableError) Unwrap() error { return e.Last }

// Hint says what to do about it.
func (e *UnreachableError) Hint() string {
	hint := "check the address in " + e.Place + ", and that this machine may reach it"
	if errors.Is(e.Last, io.EOF) || errors.Is(e.Last, io.ErrUnexpectedEOF) {
		hint += "; a server that closes the connection may require TLS or a login"
	}
	return hint
}

// instance is a component that runs somewhere else.
type instance struct{ done <-chan struct{} }

func (i instance) Done() <-chan struct{} { return i.done }

func (instance) Err() error { return nil }

func (instance) Log() (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("its log is where it runs\n")), nil
}

func (instance) Booted() {}

func (instance) PID() int { return 0 }

// errNotOurs: what hoplab hasn't started it doesn't end.
var errNotOurs = errors.New("hoplab didn't start it, so it neither kills nor pauses it")

func (instance) Kill() error { return errNotOurs }

func (instance) Pause() error { return errNotOurs }

func (instance) Resume() error { return errNotOurs }
