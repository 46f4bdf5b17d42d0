package keeper

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/hint"
)

var errEnding = errors.New("this run is ending")

// book is the keeper's account of its components.
type book struct {
	rt    runtime.Runtime
	stack version.Stack
	dir   string

	mu         sync.Mutex
	owner      int
	started    time.Time
	components map[string]*ComponentState
	instances  map[string]runtime.Instance // of those that have booted
	closed     bool
	boots      sync.WaitGroup
	faults     sync.Mutex // one at a time
	cancel     []func()
}

func newBook(rt runtime.Runtime, versions version.Stack, config Config) *book {
	return &book{rt: rt, stack: versions, dir: config.Dir, owner: config.Owner, started: time.Now(), components: map[string]*ComponentState{}, instances: map[string]runtime.Instance{}}
}

// state returns a copy that is safe to read.
func (b *book) state() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := State{PID: os.Getpid(), Runtime: b.rt.Name(), Stack: b.stack.Name, Started: b.started, Owner: b.owner, Components: map[string]*ComponentState{}}
	for name, c := range b.components {
		copied := *c
		copied.Ports, copied.Peers = maps.Clone(c.Ports), maps.Clone(c.Peers)
		s.Components[name] = &copied
	}
	return s
}

// ensure starts those components, and what they need, that haven't been started
// yet.
func (b *book) ensure(ctx context.Context, names []string) error {
	if b.rt.Name() != "attach" { // what runs already has what it needs
		names = b.stack.Needed(names...)
	}
	components, err := b.stack.ByName(names...)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errEnding
	}
	for _, c := range components {
		if b.components[c.Name] != nil {
			continue
		}
		b.components[c.Name] = b.entry(c)
		b.start(ctx, c, runtime.Boot)
	}
	return nil
}

// start has c boot, by runtime.Boot or runtime.Reboot. Whoever calls it holds the
// lock.
func (b *book) start(ctx context.Context, c component.Component, boot booting) {
	ctx, cancel := context.WithCancel(ctx)
	b.cancel = append(b.cancel, cancel)
	b.boots.Go(func() { b.boot(ctx, c, boot) })
}

type booting func(context.Context, runtime.Runtime, component.Component, func(runtime.State)) (runtime.Instance, error)

func (b *book) entry(c component.Component) *ComponentState {
	entry := &ComponentState{
		State: runtime.State{Phase: runtime.Starting},
		Ports: map[string]string{},
		Peers: map[string]string{},
		Log:   filepath.Join(b.dir, c.Name+".log"),
	}
	for _, port := range c.Ports {
		if addr := b.rt.Addr(c.Name, port.Name); addr != "" { // an attached component has those that clients need
			entry.Ports[port.Name] = addr
		}
		if addr := b.rt.Peer(c.Name, port.Name); addr != "" {
			entry.Peers[port.Name] = addr
		}
	}
	return entry
}

// boot starts c and then watches it until it or the run ends.
func (b *book) boot(ctx context.Context, c component.Component, boot booting) {
	var ready runtime.State
	instance, err := boot(ctx, b.rt, c, func(s runtime.State) {
		if s.Phase == runtime.Ready {
			ready = s // reported once there is an instance to act on
			return
		}
		b.note(c.Name, s, "")
	})
	if err != nil {
		if ctx.Err() == nil {
			b.note(c.Name, runtime.State{Phase: runtime.Failed, Error: err.Error()}, adviceOn(err))
		}
		return
	}
	b.hold(c.Name, instance)
	b.note(c.Name, ready, "")
	select {
	case <-ctx.Done():
	case <-instance.Done():
		if b.wasEnded(c.Name, instance) {
			return
		}
		died := &runtime.DiedError{Component: c.Name, Cause: instance.Err(), Tail: runtime.Tail(instance, 15)}
		b.note(c.Name, runtime.State{Phase: runtime.Failed, Error: died.Error()}, adviceOn(died))
	}
}

func (b *book) note(name string, s runtime.State, advice string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed { // from now on components end because they were stopped
		return
	}
	entry := b.components[name]
	if s.PID == 0 {
		s.PID = entry.PID
	}
	if s.Phase == runtime.Failed {
		s.Boot = entry.Boot
	}
	entry.State, entry.Hint = s, advice
}

func adviceOn(err error) string {
	if known := hint.Of(err); known != "" {
		return known
	}
	// A component says it in its log, in the words of strerror(3).
	if strings.Contains(strings.ToLower(err.Error()), "no space left on device") {
		return "make room on that disk, or set HOPLAB_RUNS (and HOPLAB_CACHE) to folders on another"
	}
	return ""
}

func (b *book) disown() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.owner = 0
}

func (b *book) failed() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.components {
		if c.Phase == runtime.Failed {
			return true
		}
	}
	return false
}

// close ends every component. It may be called again.
func (b *book) close() error {
	b.mu.Lock()
	b.closed = true
	for _, cancel := range b.cancel {
		cancel()
	}
	b.mu.Unlock()
	b.boots.Wait()
	return b.rt.Close()
}
