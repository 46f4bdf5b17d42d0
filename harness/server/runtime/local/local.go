// Package local runs components as child processes on free loopback ports.
//
// The processes end with the one that started them, whatever ends it: they are
// killed by Close, and on Linux the kernel kills them if their parent dies.
package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"sync"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/ports"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/reexec"
)

// Options say where a Runtime keeps things.
type Options struct {
	// Dir is the run's folder, which exists. Each component gets one in it.
	Dir string
	// Cache is the folder of downloads.
	Cache string
	// Program is hoplab's own, for components that are built into it.
	Program string
	// Ports fixes ports, by "component.port"; others are free ones.
	Ports map[string]int
	// Secrets has the logins that components require; nil for none.
	Secrets access.Set
	// Long: see component.Site.
	Long bool
	// NoClassData: JVMs neither use nor make archives of their classes.
	NoClassData bool
}

// Runtime runs components as child processes.
type Runtime struct {
	options Options
	ports   *ports.Ports

	javas func() []jdk.JDK // looks once

	mu       sync.Mutex
	launched []*process
}

var _ runtime.Runtime = (*Runtime)(nil)

// New returns a Runtime that has started nothing yet.
func New(options Options) *Runtime {
	return &Runtime{
		options: options, ports: ports.New(options.Ports),
		javas: sync.OnceValue(func() []jdk.JDK { return jdk.Find(context.Background()) }),
	}
}

// Name returns "local".
func (r *Runtime) Name() string { return "local" }

// Addr returns the loopback address of a component's port.
func (r *Runtime) Addr(component, port string) string { return r.ports.Addr(component, port) }

// Login returns the login that a component asks for.
func (r *Runtime) Login(component string) access.Login { return r.options.Secrets[component] }

// Peer returns the same: components are processes of one host.
func (r *Runtime) Peer(component, port string) string { return r.Addr(component, port) }

// Launch starts c as a child process.
func (r *Runtime) Launch(ctx context.Context, c component.Component, report func(runtime.Download)) (runtime.Instance, error) {
	return r.launch(ctx, c, r.ports.Check, report)
}

// Relaunch starts c in its folder again. Its ports aren't looked at: connections
// of the process that has ended may still be closing there, which keeps no server
// from listening.
func (r *Runtime) Relaunch(ctx context.Context, c component.Component) (runtime.Instance, error) {
	if err := r.forget(c.Name); err != nil {
		return nil, err
	}
	unchecked := func(component.Component) error { return nil }
	return r.launch(ctx, c, unchecked, func(runtime.Download) {})
}

// forget takes a process that has ended from those that were launched.
func (r *Runtime) forget(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.launched, func(p *process) bool { return p.log == r.logPath(name) })
	if i < 0 {
		return errors.New("it was never started")
	}
	if r.launched[i].Err() == nil {
		return errors.New("it still runs")
	}
	r.launched = slices.Delete(r.launched, i, i+1)
	return nil
}

func (r *Runtime) launch(ctx context.Context, c component.Component, check func(component.Component) error, report func(runtime.Download)) (runtime.Instance, error) {
	site, err := r.site(ctx, c, report)
	if err != nil {
		return nil, err
	}
	user, err := userFor(c)
	if err != nil {
		return nil, err
	}
	if err := user.takeOver(&site); err != nil {
		return nil, err
	}
	archive := r.classes(c, &site)
	plan := c.Process(site)
	if err := writeFiles(site.Dir, plan.Files, user); err != nil {
		return nil, fmt.Errorf("write its files: %w", err)
	}
	if err := check(c); err != nil {
		return nil, err
	}
	if c.Program.Builtin != "" {
		plan.Env = append(plan.Env, reexec.Env(c.Program.Builtin))
	}
	p, err := start(plan, site.Dir, r.logPath(c.Name), user)
	if err != nil {
		return nil, err
	}
	p.classes = archive
	r.mu.Lock()
	defer r.mu.Unlock()
	r.launched = append(r.launched, p)
	return p, nil
}

func (r *Runtime) logPath(name string) string { return filepath.Join(r.options.Dir, name+".log") }

// site makes the component's folder and finds or installs its program.
func (r *Runtime) site(ctx context.Context, c component.Component, report func(runtime.Download)) (component.Site, error) {
	site := component.Site{
		Addresses: r, Name: c.Name, BindHost: ports.Loopback, Peer: r.Peer,
		Dir: filepath.Join(r.options.Dir, c.Name), Secrets: r.options.Secrets, Long: r.options.Long,
	}
	// What servers write there, such as connectors' passwords in Kafka's topics, is
	// not for other users of the machine.
	if err := os.MkdirAll(site.Dir, 0o700); err != nil {
		return site, err
	}
	var err error
	switch {
	case c.Program.ImageOnly:
		err = &ImageOnlyError{Image: c.Program.Image.Name}
	case c.Program.Builtin != "":
		site.Executable = r.options.Program
	case goruntime.GOOS == "windows":
		err = errWindows
	case c.Program.Binary.Name != "":
		site.Executable, err = c.Program.Binary.Find()
	default:
		err = r.install(ctx, c, &site, report)
	}
	return site, err
}

// errWindows: the servers' start scripts and how they are ended are Unix's.
var errWindows = hint.With(errors.New("on Windows it can't run as a process"), "run hoplab in WSL 2, or with --runtime containers")

func (r *Runtime) install(ctx context.Context, c component.Component, site *component.Site, report func(runtime.Download)) error {
	if c.Program.Java != (jdk.Versions{}) {
		java, err := c.Program.Java.Choose(r.javas())
		if err != nil {
			return err
		}
		site.JavaHome = java.Home
	}
	if c.Program.Python != "" {
		dir, err := python.Of(r.options.Cache).Install(ctx, c.Program.Python, func(p cache.Progress) { report(runtime.Download{Done: p.Done, Total: p.Total, Waiting: p.Waiting}) })
		site.Artefacts = append(site.Artefacts, dir)
		return err
	}
	store := maven.Store{Dir: filepath.Join(r.options.Cache, "artefacts")}
	for _, name := range c.Program.Poms {
		dir, err := store.InstallPom(ctx, name, func(p maven.Progress) { report(runtime.Download{Done: p.Done, Total: p.Total, Waiting: p.Waiting}) })
		if err != nil {
			return err
		}
		site.Artefacts = append(site.Artefacts, dir)
	}
	return nil
}

// Close kills what was launched and returns when all of it has ended. The
// run's folder stays: it holds the logs.
func (r *Runtime) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	recordClasses(r.launched)
	for _, p := range r.launched {
		p.kill()
	}
	var errs []error
	for _, p := range r.launched {
		errs = append(errs, p.awaitEnd())
	}
	r.launched = nil
	r.ports.Close()
	return errors.Join(errs...)
}
