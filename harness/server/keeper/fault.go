package keeper

import (
	"context"
	"fmt"

	"hoplab.example/harness/server/runtime"
)

// Fault is what a keeper does to a component that is up.
type Fault string

// The faults, and what ends them.
const (
	Kill    Fault = "kill"    // end it as kill -9 does; what is on its disk stays
	Pause   Fault = "pause"   // keep it from running, as SIGSTOP does
	Resume  Fault = "resume"  // end a pause
	Restart Fault = "restart" // kill it unless it already was, and start it with the files on its disk
)

func (b *book) hold(name string, i runtime.Instance) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.instances[name] = i
}

// wasEnded reports that somebody has asked for the end of i: it was killed, and
// may even have been started again since.
func (b *book) wasEnded(name string, i runtime.Instance) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.components[name].Phase == runtime.Killed || b.instances[name] != i
}

// do carries out a fault. What it does to one component it does one after
// another.
func (b *book) do(ctx context.Context, fault Fault, name string) error {
	b.faults.Lock()
	defer b.faults.Unlock()
	phase, instance, err := b.upOrKilled(name)
	if err != nil {
		return err
	}
	if err := allowed(fault, phase); err != nil {
		return fmt.Errorf("%s %s: %w", fault, name, err)
	}
	switch fault {
	case Kill:
		err = b.kill(name, instance)
	case Pause:
		err = b.halt(name, runtime.Paused, instance.Pause)
	case Resume:
		err = b.halt(name, runtime.Ready, instance.Resume)
	case Restart:
		err = b.restart(ctx, name, phase, instance)
	default:
		return fmt.Errorf("there is no fault %q; there are kill, pause, resume and restart", fault)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", fault, name, err)
	}
	return nil
}

// upOrKilled returns what is known of a component that has been up.
func (b *book) upOrKilled(name string) (runtime.Phase, runtime.Instance, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry, instance := b.components[name], b.instances[name]
	if b.closed {
		return "", nil, errEnding
	}
	if entry == nil {
		return "", nil, fmt.Errorf("no component %q is up in this run", name)
	}
	if instance == nil && entry.Phase != runtime.Failed {
		return "", nil, fmt.Errorf("%s is %s and was never up", name, entry.Phase)
	}
	return entry.Phase, instance, nil
}

func allowed(fault Fault, phase runtime.Phase) error {
	from := map[Fault][]runtime.Phase{
		Kill:    {runtime.Ready, runtime.Paused},
		Pause:   {runtime.Ready},
		Resume:  {runtime.Paused},
		Restart: {runtime.Ready, runtime.Paused, runtime.Killed, runtime.Failed},
	}[fault]
	for _, p := range from {
		if p == phase {
			return nil
		}
	}
	if from == nil {
		return nil // do says that there is no such fault
	}
	return fmt.Errorf("it is %s", phase)
}

// kill marks the component first: whoever watches it must not take it for one
// that has died by itself.
func (b *book) kill(name string, i runtime.Instance) error {
	before := b.mark(name, runtime.Killed)
	err := i.Kill()
	if err != nil {
		b.mark(name, before)
	}
	return err
}

func (b *book) halt(name string, then runtime.Phase, do func() error) error {
	err := do()
	if err == nil {
		b.mark(name, then)
	}
	return err
}

func (b *book) mark(name string, phase runtime.Phase) (before runtime.Phase) {
	b.mu.Lock()
	defer b.mu.Unlock()
	entry := b.components[name]
	before, entry.Phase, entry.Error, entry.Hint = entry.Phase, phase, "", ""
	if advice := wayBack[phase]; advice != "" {
		entry.Error = fmt.Sprintf("%s was %s on request", name, phase)
		entry.Hint = fmt.Sprintf(advice, name)
	}
	return before
}

// wayBack says how a component is got out of a phase.
var wayBack = map[runtime.Phase]string{
	runtime.Killed: "'lab restart %s' starts it again",
	runtime.Paused: "'lab resume %s' lets it go on",
}

// restart returns once the component is being started: clients wait for it as
// they do at the first start.
func (b *book) restart(ctx context.Context, name string, phase runtime.Phase, i runtime.Instance) error {
	if phase == runtime.Ready || phase == runtime.Paused {
		if err := b.kill(name, i); err != nil {
			return err
		}
	}
	found, err := b.stack.ByName(name)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return errEnding
	}
	entry := b.components[name]
	entry.State, entry.Hint = runtime.State{Phase: runtime.Starting}, ""
	delete(b.instances, name)
	b.start(ctx, found[0], runtime.Reboot)
	return nil
}
