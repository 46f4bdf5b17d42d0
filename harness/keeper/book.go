package keeper

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"

	"hoplab/harness/component"
	"hoplab/harness/runtime"
)

// book is the keeper's account of its components.
type book struct {
	rt  runtime.Runtime
	dir string

	mu         sync.Mutex
	owner      int
	started    time.Time
	components map[string]*ComponentState
	closed     bool
	boots      sync.WaitGroup
	cancel     []func()
}

func newBook(rt runtime.Runtime, config Config) *book {
	return &book{rt: rt, dir: config.Dir, owner: config.Owner, started: time.Now(), components: map[string]*ComponentState{}}
}

// state returns a copy that is safe to read.
func (b *book) state() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := State{PID: os.Getpid(), Runtime: b.rt.Name(), Started: b.started, Owner: b.owner, Components: map[string]*ComponentState{}}
	for name, c := range b.components {
		copied := *c
		copied.Ports = maps.Clone(c.Ports)
		s.Components[name] = &copied
	}
	return s
}

// ensure starts those components that haven't been started yet.
func (b *book) ensure(ctx context.Context, names []string) error {
	components, err := component.ByName(names...)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errors.New("this run is ending")
	}
	for _, c := range components {
		if b.components[c.Name] != nil {
			continue
		}
		b.components[c.Name] = b.entry(c)
		ctx, cancel := context.WithCancel(ctx)
		b.cancel = append(b.cancel, cancel)
		b.boots.Go(func() { b.boot(ctx, c) })
	}
	return nil
}

func (b *book) entry(c component.Component) *ComponentState {
	entry := &ComponentState{
		State: runtime.State{Phase: runtime.Starting},
		Ports: map[string]string{},
		Log:   filepath.Join(b.dir, c.Name+".log"),
	}
	for _, port := range c.Ports {
		entry.Ports[port.Name] = b.rt.Addr(c.Name, port.Name)
	}
	return entry
}

// boot starts c and then watches it until the run ends.
func (b *book) boot(ctx context.Context, c component.Component) {
	instance, err := runtime.Boot(ctx, b.rt, c, func(s runtime.State) { b.note(c.Name, s, "") })
	if err != nil {
		if ctx.Err() == nil {
			b.note(c.Name, runtime.State{Phase: runtime.Failed, Error: err.Error()}, hint(err))
		}
		return
	}
	select {
	case <-ctx.Done():
	case <-instance.Done():
		died := &runtime.DiedError{Component: c.Name, Cause: instance.Err(), Tail: runtime.Tail(instance, 15)}
		b.note(c.Name, runtime.State{Phase: runtime.Failed, Error: died.Error()}, "")
	}
}

func (b *book) note(name string, s runtime.State, hint string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed { // what ends from now on has been told to
		return
	}
	entry := b.components[name]
	if s.PID == 0 {
		s.PID = entry.PID
	}
	if s.Phase == runtime.Failed {
		s.Boot = entry.Boot
	}
	entry.State, entry.Hint = s, hint
}

func hint(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
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
