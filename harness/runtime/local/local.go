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
	"sync"

	"hoplab/fixtures"
	"hoplab/harness/artefact"
	"hoplab/harness/component"
	"hoplab/harness/reexec"
	"hoplab/harness/runtime"
	"hoplab/harness/tool"
)

// Options say where a Runtime keeps things.
type Options struct {
	// Dir is the run's folder, which exists. Each component gets one in it.
	Dir string
	// Cache is the folder of downloads.
	Cache string
	// Ports fixes ports, by "component.port"; others are free ones.
	Ports map[string]int
}

// Runtime runs components as child processes.
type Runtime struct {
	options Options
	ports   *ports

	mu       sync.Mutex
	launched []*process
}

var _ runtime.Runtime = (*Runtime)(nil)

// New returns a Runtime that has started nothing yet.
func New(options Options) *Runtime {
	return &Runtime{options: options, ports: newPorts(options.Ports)}
}

// Name returns "local".
func (r *Runtime) Name() string { return "local" }

// Addr returns the loopback address of a component's port.
func (r *Runtime) Addr(component, port string) string { return r.ports.addr(component, port) }

// Launch starts c as a child process.
func (r *Runtime) Launch(ctx context.Context, c component.Component, report func(runtime.Download)) (runtime.Instance, error) {
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
	plan := c.Process(site)
	if err := writeFiles(site.Dir, plan.Files, user); err != nil {
		return nil, fmt.Errorf("write its files: %w", err)
	}
	if err := r.ports.release(c); err != nil {
		return nil, err
	}
	if c.Program.Builtin != "" {
		plan.Env = append(plan.Env, reexec.Env(c.Program.Builtin))
	}
	p, err := start(plan, site.Dir, r.logPath(c.Name), user)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.launched = append(r.launched, p)
	return p, nil
}

func (r *Runtime) logPath(name string) string { return filepath.Join(r.options.Dir, name+".log") }

// site makes the component's folder and finds or installs its program.
func (r *Runtime) site(ctx context.Context, c component.Component, report func(runtime.Download)) (component.Site, error) {
	site := component.Site{
		Addresses: r, Name: c.Name, BindHost: loopback, Peer: r.Addr,
		Dir: filepath.Join(r.options.Dir, c.Name), Artefacts: map[string]string{},
	}
	if err := os.MkdirAll(site.Dir, 0o755); err != nil {
		return site, err
	}
	var err error
	switch {
	case c.Program.Builtin != "":
		site.Executable, err = os.Executable()
	case c.Program.Binary != "":
		site.Executable, err = tool.Find(c.Program.Binary)
	default:
		err = r.install(ctx, c, &site, report)
	}
	return site, err
}

func (r *Runtime) install(ctx context.Context, c component.Component, site *component.Site, report func(runtime.Download)) error {
	home, err := tool.JavaHome(ctx)
	if err != nil {
		return err
	}
	site.JavaHome = home
	store := artefact.Store{Dir: filepath.Join(r.options.Cache, "artefacts")}
	for _, name := range c.Program.Poms {
		pom, err := fixtures.Pom(name)
		if err != nil {
			return err
		}
		dir, err := store.Install(ctx, name, pom, func(p artefact.Progress) { report(runtime.Download(p)) })
		if err != nil {
			return err
		}
		site.Artefacts[name] = dir
	}
	return nil
}

// Close kills what was launched and returns when all of it has ended. The
// run's folder stays: it holds the logs.
func (r *Runtime) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.launched {
		p.kill()
	}
	var errs []error
	for _, p := range r.launched {
		errs = append(errs, p.awaitEnd())
	}
	r.launched = nil
	r.ports.close()
	return errors.Join(errs...)
}
