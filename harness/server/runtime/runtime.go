// Package runtime starts components and waits until they serve. How a component
// is run is behind the [Runtime] interface: as a child process (runtime/local),
// in a container (runtime/containers), or not at all, since it already runs
// somewhere else (runtime/attach).
package runtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hoplab.example/harness/server/component"
)

// Runtime is a way to run components. Its addresses are known, and stay the
// same, before anything is started, which lets components be
// configured with one another's addresses and started side by side.
type Runtime interface {
	component.Addresses
	// Name is the name by which users choose it, such as "local".
	Name() string
	// Peer returns the address at which one component reaches a port of another, as host:port.
	// Addr is for programs on the host; in a container's network they differ.
	Peer(component, port string) string
	// Launch installs what c needs and starts it. It doesn't wait until c is
	// ready. report may be called until Launch returns.
	Launch(ctx context.Context, c component.Component, report func(Download)) (Instance, error)
	// Relaunch starts c again, which was launched and has ended since: at the same
	// addresses, and with the files that it has left.
	Relaunch(ctx context.Context, c component.Component) (Instance, error)
	// Close ends everything that was launched and removes what it left.
	Close() error
}

// Download is how far the download of a component is, in bytes.
type Download struct {
	Done, Total int64
	// More: the size of some parts isn't known yet, and not in Total.
	More bool
	// Waiting: another process is downloading; this one goes on after it.
	Waiting bool
}

// Instance is a component that was launched.
type Instance interface {
	// Done is closed when the component has ended, for whatever reason.
	Done() <-chan struct{}
	// Err returns how it ended, and nil while it runs.
	Err() error
	// Log opens what it has printed so far.
	Log() (io.ReadCloser, error)
	// Booted is called once the component has become ready.
	Booted()
	// Kill ends it at once, as kill -9 does: it can't save or say anything.
	Kill() error
	// Pause stops it, as SIGSTOP does, until Resume. Its connections stay open, and
	// it doesn't answer.
	Pause() error
	// Resume ends a pause.
	Resume() error
	// PID is its process's number on this host, or 0 where it has none.
	PID() int
}

// Phase is a stage in a component's life.
type Phase string

// The phases. A component passes the first three in their order.
const (
	Downloading Phase = "downloading"
	Starting    Phase = "starting"
	Ready       Phase = "ready"
	Failed      Phase = "failed"
	// Killed and Paused are what a user has asked for.
	Killed Phase = "killed"
	Paused Phase = "paused"
)

// State is what is known of a component.
type State struct {
	Phase    Phase         `json:"phase"`
	Download Download      `json:"download,omitzero"`
	PID      int           `json:"pid,omitempty"`
	Boot     time.Duration `json:"boot_ns,omitempty"` // from launch to ready, without the download
	Error    string        `json:"error,omitempty"`
}

// Boot launches c, waits until it is ready and returns its instance. It calls report
// for each change on the way, but not for a failure: the error also has a hint, and
// reporting the two separately would show one without the other for a moment.
func Boot(ctx context.Context, rt Runtime, c component.Component, report func(State)) (Instance, error) {
	report(State{Phase: Starting})
	instance, err := rt.Launch(ctx, c, func(d Download) {
		report(State{Phase: Downloading, Download: d})
	})
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return instance, awaitBoot(ctx, rt, c, instance, report)
}

// Reboot is Boot of a component that was launched before and has ended.
func Reboot(ctx context.Context, rt Runtime, c component.Component, report func(State)) (Instance, error) {
	report(State{Phase: Starting})
	instance, err := rt.Relaunch(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("start %s again: %w", c.Name, err)
	}
	if err := awaitBoot(ctx, rt, c, instance, report); err != nil {
		return nil, errors.Join(err, instance.Kill()) // so that it can be tried once more
	}
	return instance, nil
}

func awaitBoot(ctx context.Context, rt Runtime, c component.Component, instance Instance, report func(State)) error {
	begin := time.Now()
	report(State{Phase: Starting, PID: instance.PID()})
	if err := Await(ctx, c, instance, rt); err != nil {
		return err
	}
	instance.Booted()
	report(State{Phase: Ready, PID: instance.PID(), Boot: time.Since(begin)})
	return nil
}
