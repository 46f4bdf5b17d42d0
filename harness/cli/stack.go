package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/tool"
	"hoplab.example/harness/util/ui"
)

// keptName is the name of the run that is left up.
const keptName = "lab"

// stopLimit is how long taking a stack down may take. Once, its JVMs write their
// archives of classes, which takes some seconds.
const stopLimit = 90 * time.Second

// slowStop is how long taking it down may take without a word.
const slowStop = 2 * time.Second

// running is the run that a command works on: a stack that is up, or part of it.
type running struct {
	keeper.State
	client *keeper.Client
	names  []string // the components that the command needs
	reused bool     // it was up before
	boot   time.Duration
	access access.Set
	// prefix begins all names that are made on a cluster that others use too.
	prefix string
}

// stackOptions say how a stack is started where none is up.
type stackOptions struct {
	keep    bool
	stack   string
	runtime string
	attach  string
	ports   map[string]int
	long    bool // the run will be long and busy
}

func (o *stackOptions) flags(c *cobra.Command) {
	f := c.Flags()
	stackFlag(c, &o.stack)
	f.StringVar(&o.runtime, "runtime", "", "attach, containers or local (default: containers where an engine and all images are there)")
	f.StringVar(&o.attach, "attach", "", "a file of addresses: use components that already run (the runtime attach)")
	completeFlag(c, "runtime", completeFrom("attach", "containers", "local"))
	f.StringToIntVar(&o.ports, "port", nil, "fix a component's port, such as kafka.client=9092 (default: free ones)")
}

// chooseRuntime says which runtime it took, and why.
func (a *app) chooseRuntime(ctx context.Context, wanted string, versions version.Stack, names []string) (string, error) {
	components, err := versions.ByName(names...)
	if err != nil {
		return "", err
	}
	chosen, err := choose.Runtime(ctx, wanted, components)
	if err != nil {
		return "", usageError{err}
	}
	a.err.Say("%s runtime: %s", chosen.Name, chosen.Why)
	return chosen.Name, nil
}

// openStack returns a run with the named components, and what they need, ready:
// the one that was left up, or else one that ends with this process unless it is
// disowned. With a file of addresses nothing is started, and it must have all of
// the components.
func (a *app) openStack(ctx context.Context, names []string, o stackOptions, file *attach.File) (*running, error) {
	if file != nil {
		if err := file.Require(names); err != nil {
			return nil, usageError{err}
		}
	}
	s, err := a.findRun(ctx, names, o, file)
	if err != nil {
		return nil, err
	}
	err = a.ready(ctx, s)
	if err == nil && file == nil {
		s.access, err = s.client.Access()
	}
	if err != nil {
		s.close(a.err)
		return nil, err
	}
	return s, nil
}

func (a *app) findRun(ctx context.Context, names []string, o stackOptions, file *attach.File) (*running, error) {
	wanted := version.Wanted(o.stack)
	versions, err := version.Find(wanted)
	if err != nil {
		return nil, usageError{err}
	}
	if err := checkPorts(versions.Components(), o.ports); err != nil {
		return nil, err
	}
	runs, err := dirs.Runs()
	if err != nil {
		return nil, err
	}
	all, err := keeper.List(ctx, runs) // this also sweeps what killed runs have left
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if state, err := c.State(ctx); err == nil && c.Name() == keptName && state.Owner == 0 && file == nil {
			return a.reuse(c, state, wanted, names)
		}
	}
	return a.startRun(ctx, runs, versions, names, o, file)
}

// reuse takes the run that was left up, unless another stack was asked for.
func (a *app) reuse(c *keeper.Client, state keeper.State, wanted string, names []string) (*running, error) {
	if wanted != "" && wanted != state.Stack {
		return nil, usageError{fmt.Errorf("the run %q is up with the stack %s, not %s: end it with 'lab down' first", keptName, state.Stack, wanted)}
	}
	versions, err := version.Find(state.Stack)
	if err != nil {
		return nil, err
	}
	a.err.Say("using the run %q, stack %s, which is up since %s; 'lab down' ends it", keptName, state.Stack, state.Started.Format(time.TimeOnly))
	return &running{client: c, names: versions.Needed(names...), reused: true}, nil
}

func (a *app) startRun(ctx context.Context, runs string, versions version.Stack, names []string, o stackOptions, file *attach.File) (*running, error) {
	cache, err := dirs.Cache()
	if err != nil {
		return nil, err
	}
	if file == nil { // what already runs has what it needs
		names = versions.Needed(names...)
	}
	if versions.Name != version.Default {
		a.err.Say("stack %s: %s", versions.Name, versions.Why)
	}
	chosen, err := a.chooseRuntime(ctx, o.runtime, versions, names)
	if err != nil {
		return nil, err
	}
	name := keptName
	if !o.keep || file != nil {
		name = fmt.Sprintf("run-%d", os.Getpid())
	}
	config := keeper.Config{
		Dir: filepath.Join(runs, name), Cache: cache, Runtime: chosen, Stack: versions.Name, Owner: os.Getpid(), Ports: o.ports, Long: o.long,
	}
	s := &running{names: names}
	if file != nil {
		config.Attach, s.access, s.prefix = file.Path, file.Access(), file.Prefix
	}
	s.client, err = keeper.Start(ctx, config)
	return s, err
}

// ownDir is the folder of a run of a command's own, whose name what begins.
func ownDir(what string) (string, error) {
	runs, err := dirs.Runs()
	return filepath.Join(runs, fmt.Sprintf("%s-%d", what, os.Getpid())), err
}

// ownRun starts a run of a command's own in a folder of ownDir, which ends with this
// process: no other command has its stack, or must meet what is done to it. It uses
// the user's cache unless config names another.
func ownRun(ctx context.Context, dir string, config keeper.Config) (_ *keeper.Client, err error) {
	if config.Cache == "" {
		if config.Cache, err = dirs.Cache(); err != nil {
			return nil, err
		}
	}
	if _, err := keeper.List(ctx, filepath.Dir(dir)); err != nil { // this sweeps what killed runs have left
		return nil, err
	}
	config.Dir, config.Owner = dir, os.Getpid()
	return keeper.Start(ctx, config)
}

// close takes the stack down unless it was up before.
func (s *running) close(u *ui.UI) {
	if s.reused {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	slow := time.AfterFunc(slowStop, func() {
		u.Say("taking the stack down; the first time, the servers keep what makes later starts faster")
	})
	defer slow.Stop()
	if err := s.client.Stop(ctx); err != nil {
		u.Say("taking the stack down: %v", err)
	}
}

// checkPorts reports a port that none of the components has.
func checkPorts(components []component.Component, ports map[string]int) error {
	known := map[string]bool{}
	for _, c := range components {
		for _, p := range c.Ports {
			known[c.Name+"."+p.Name] = true
		}
	}
	for name, number := range ports {
		if !known[name] {
			return usageError{fmt.Errorf("--port %s: no component has that port; it is called like kafka.client, elasticsearch.http or mosquitto.mqtt", name)}
		}
		if number < 1 || number > 65535 {
			return usageError{fmt.Errorf("--port %s=%d: a port is 1 to 65535", name, number)}
		}
	}
	return nil
}

func showBoot(board *ui.Board, state keeper.State, names []string) {
	for _, name := range names {
		c := state.Components[name]
		if c == nil {
			continue
		}
		switch c.Phase {
		case runtime.Ready:
			board.End(name, fmt.Sprintf("ready in %.1f s", c.Boot.Seconds()))
		case runtime.Failed:
			board.End(name, "failed")
		case runtime.Downloading:
			text := fmt.Sprintf("downloading, %s of %s", mebi(c.Download.Done), mebi(c.Download.Total))
			if c.Download.Waiting {
				text = "waiting for another download"
			}
			board.Set(name, c.Download.Done, c.Download.Total, text)
		default:
			board.Set(name, 0, 0, string(c.Phase))
		}
	}
}

func mebi(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }

// chooseBroker returns the component that serves MQTT, and says so where it
// isn't what one would expect.
func (a *app) chooseBroker(wanted string) (string, error) {
	switch wanted {
	case "mosquitto", "mochi":
		return wanted, nil
	case "":
		if _, err := tool.Mosquitto.Find(); err == nil {
			return "mosquitto", nil
		}
		a.err.Say("mosquitto is not installed: the built-in broker, mochi, serves MQTT ('lab doctor' says how to install it)")
		return "mochi", nil
	}
	return "", usageError{fmt.Errorf("--broker is %q; it is one of mosquitto, mochi", wanted)}
}

// printAddresses says where each component of a stack that stays up is reached.
func (s *running) printAddresses(u *ui.UI) {
	var text strings.Builder
	printState(&text, s.client.Name(), s.State)
	u.Say("\n%s'lab status' shows this again, 'lab logs COMPONENT' a log, 'lab down' ends it", text.String())
}
