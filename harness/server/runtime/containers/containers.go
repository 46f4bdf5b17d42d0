// Package containers runs components in containers, with testcontainers-go: all
// of a run's in one network, where each is reached by its name, with their ports
// on free ones of the host's loopback.
//
// Everything that a run makes has the run's folder as a label, by which it is removed
// at the run's end, and by Sweep where the run was killed. The library's own reaper,
// Ryuk, is never used: it removes for everybody who connects whatever has a label that
// they name (README of testcontainers/moby-ryuk).
package containers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	"github.com/testcontainers/testcontainers-go/network"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/ports"
)

// Options say where a Runtime keeps things.
type Options struct {
	// Dir is the run's folder, which exists. It holds the logs.
	Dir string
	// Cache is the folder of downloads, of jars that a public image lacks.
	Cache string
	// Program is hoplab's own, for components that are built into it.
	Program string
	// Components are those that a run may have: they know one another's ports.
	Components []component.Component
	// Ports fixes ports of the host, by "component.port"; others are free ones.
	Ports map[string]int
	// Secrets has the logins that components require; nil for none.
	Secrets access.Set
	// Long: see component.Site.
	Long bool
}

// Runtime runs components in containers.
type Runtime struct {
	options Options
	engine  *image.Engine
	ports   *ports.Ports

	mu       sync.Mutex
	launched []*instance
	made     *testcontainers.DockerNetwork
	volumes  map[string]*volume // by the folder of containers that they are
}

var _ runtime.Runtime = (*Runtime)(nil)

const (
	// closeLimit is how long the containers of a run may take to go.
	closeLimit = time.Minute
	// runLimit is how long the engine may take to make a container and start it.
	runLimit = time.Minute
)

// New returns a Runtime that has started nothing yet. It asks the engine, and
// returns an *image.EngineError where none answers.
func New(ctx context.Context, options Options) (*Runtime, error) {
	engine, err := image.NewEngine(ctx)
	if err != nil {
		return nil, err
	}
	settle(engine)
	if err := os.WriteFile(filepath.Join(options.Dir, markerFile), nil, 0o644); err != nil {
		return nil, err
	}
	return &Runtime{options: options, engine: engine, ports: ports.New(options.Ports), volumes: map[string]*volume{}}, nil
}

// settle makes testcontainers' own choices right for where we are. It must be
// called before the library reads its settings, which it does once.
func settle(engine *image.Engine) {
	log.SetDefault(log.NewNoopLogger()) // hoplab reports what it would log
	os.Setenv(client.EnvOverrideHost, engine.DaemonHost())
	os.Setenv("TESTCONTAINERS_RYUK_DISABLED", "true")
	// Ports are mapped on the host's loopback; in a machine that has a
	// /.dockerenv the library would look for them at the gateway (v0.45, DaemonHost).
	if _, set := os.LookupEnv("TESTCONTAINERS_HOST_OVERRIDE"); !set {
		os.Setenv("TESTCONTAINERS_HOST_OVERRIDE", ports.Loopback)
	}
}

// Name returns "containers".
func (r *Runtime) Name() string { return "containers" }

// Addr returns the address on the host of a component's port, or "" of an inner
// one.
func (r *Runtime) Addr(name, port string) string {
	if found, ok := r.port(name, port); ok && found.Inner {
		return ""
	}
	return r.ports.Addr(name, port)
}

func (r *Runtime) port(name, port string) (component.Port, bool) {
	for _, c := range r.options.Components {
		for _, p := range c.Ports {
			if c.Name == name && p.Name == port {
				return p, true
			}
		}
	}
	return component.Port{}, false
}

// Login returns the login that a component asks for.
func (r *Runtime) Login(component string) access.Login { return r.options.Secrets[component] }

// Peer returns the address of a component's port in the run's network.
func (r *Runtime) Peer(name, port string) string {
	if found, ok := r.port(name, port); ok {
		return fmt.Sprintf("%s:%d", name, found.Number)
	}
	panic(fmt.Sprintf("containers: %s has no port %q", name, port))
}

// Launch starts c in a container.
func (r *Runtime) Launch(ctx context.Context, c component.Component, report func(runtime.Download)) (runtime.Instance, error) {
	found, err := r.image(ctx, c, report)
	if err != nil {
		return nil, err
	}
	mounts, err := r.mounts(ctx, c, found, report)
	if err != nil {
		return nil, err
	}
	net, err := r.sharedNetwork(ctx)
	if err != nil {
		return nil, err
	}
	output, err := openLog(filepath.Join(r.options.Dir, c.Name+".log"))
	if err != nil {
		return nil, err
	}
	if err := r.ports.Check(c); err != nil {
		return nil, err
	}
	options, record := r.request(c, found, mounts, output)
	options = append(options, network.WithNetwork([]string{c.Name}, net))
	// Not interrupted with ctx: half a container would be left, which nobody knows of.
	// Its log is followed until this context ends, too.
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	limit := time.AfterFunc(runLimit, cancel)
	container, err := testcontainers.Run(running, found.Name, options...)
	limit.Stop()
	if container != nil { // it may be there in spite of an error
		i := newInstance(r.engine, c.Name, container, output)
		i.classes = record
		r.mu.Lock()
		r.launched = append(r.launched, i)
		r.mu.Unlock()
		if err == nil {
			return i, nil
		}
	}
	return nil, fmt.Errorf("run a container of %s: %w", found.Name, err)
}

// Relaunch starts the container of c again, with its files and its ports.
func (r *Runtime) Relaunch(ctx context.Context, c component.Component) (runtime.Instance, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := slices.IndexFunc(r.launched, func(i *instance) bool { return i.name == c.Name })
	if at < 0 {
		return nil, errors.New("it was never started")
	}
	ended := r.launched[at]
	if ended.Err() == nil {
		return nil, errors.New("it still runs")
	}
	if err := ended.container.Start(ctx); err != nil {
		return nil, err
	}
	i := newInstance(r.engine, c.Name, ended.container, ended.log)
	i.classes = ended.classes
	r.launched[at] = i
	return i, nil
}

// whole is ctx for a request that makes something. Called off in its middle, the engine
// makes it all the same, after the run has been swept.
func whole(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), runLimit)
}

func (r *Runtime) sharedNetwork(ctx context.Context) (*testcontainers.DockerNetwork, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made != nil {
		return r.made, nil
	}
	ctx, cancel := whole(ctx)
	defer cancel()
	made, err := network.New(ctx, network.WithLabels(r.labels("")))
	if err != nil {
		return nil, fmt.Errorf("make the run's network: %w", err)
	}
	r.made = made
	return made, nil
}

// image finds the image of c, or pulls it.
func (r *Runtime) image(ctx context.Context, c component.Component, report func(runtime.Download)) (component.Image, error) {
	found, err := image.Find(ctx, r.engine, c)
	if err != nil || r.engine.Has(ctx, found.Name) {
		return found, err
	}
	report(runtime.Download{})
	return found, r.engine.Pull(ctx, found.Name, func(p image.Pulled) {
		report(runtime.Download{Done: p.Done, Total: p.Total, More: p.More})
	})
}

// Close removes the containers and the network. The run's folder stays: it
// holds the logs.
func (r *Runtime) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	r.recordClasses(ctx)
	errs := make([]error, len(r.launched))
	var group sync.WaitGroup
	for i, one := range r.launched {
		group.Go(func() { errs[i] = one.remove(ctx) })
	}
	group.Wait()
	r.launched, r.made, r.volumes = nil, nil, map[string]*volume{}
	// Also what a failed start has left, of which nothing is launched.
	errs = append(errs, sweep(ctx, r.engine, r.options.Dir))
	r.ports.Close()
	return errors.Join(errs...)
}
