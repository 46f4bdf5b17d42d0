// Package runtime starts components and waits until they serve. How a component
// is run is behind the [Runtime] interface: as a child process (runtime/local),
// in a container (runtime/containers), or not at all, since it already runs
// somewhere else (runtime/attach).
package runtime

import (
	"context"
	"fmt"
	"io"
	"time"

	"hoplab.example/harness/server/component"
)

// Runtime is a way to run components. Its addresses are known, and stay the
// same, before anything is started, so that components can be configured with
// one another's addresses and started side by side.
type Runtime interface {
	component.Addresses
	// Name is "local", or what else the user chose it by.
	Name() string
	// Peer returns where one component reaches a port of another, as host:port.
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
	// Waiting: another process is downloading; this one goes on after it.
	Waiting bool
}

// Instance is a component that was launched.
type Instance interface {
	// Done is closed when the component has ended, whyever.
	Done() <-chan struct{}
	// Err says how it ended; nil while it runs.
	Err() error
	// Log opens what it printed so far, from its beginning.
	Log() (io.ReadCloser, error)
	// Booted is told once the component has been ready.
	Booted()
	// Kill ends it at once, as kill -9 does: it can't save or say anything.
	Kill() error
	// Pause keeps it from running, as SIGSTOP does, until Resume. Its connections
	// stay, and nobody answers.
	Pause() error
	// Resume ends a pause.
	Resume() error
	// PID is its process's number on this host, or 0 where it has none.
	PID() int
}

// Phase is what a component is at.
type Phase string

// The phases. A component passes the first three in their order.
const (
	Downloading Phase = "downloading"
	Starting    Phase = "starting"
	Ready       Phase = "ready"
	Failed      Phase = "failed"
	// Killed and Paused are what somebody has asked for.
	Killed Phase = "killed"
	Paused Phase = "paused"
)

// State is what is known of a component that was asked for.
type State struct {
	Phase    Phase         `json:"phase"`
	Download Download      `json:"download,omitzero"`
	PID      int           `json:"pid,omitempty"`
	Boot     time.Duration `json:"boot_ns,omitempty"` // from launch to ready, without the download
	Error    string        `json:"error,omitempty"`
}

// Boot launches c, waits until it is ready and returns its instance. report
// hears of each change on the way, but not of a failure: that is the error, which
// knows what to do about it, and whoever tells both apart would for a moment show
// one without the other.
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
	return instance, awaitBoot(ctx, rt, c, instance, report)
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
