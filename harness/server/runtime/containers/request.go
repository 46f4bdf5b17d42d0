package containers

import (
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	mobynet "github.com/moby/moby/api/types/network"
	"github.com/testcontainers/testcontainers-go"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime/ports"
	"hoplab.example/harness/util/reexec"
)

// siteDir is where a component's folder is, in its container.
const siteDir = "/hoplab"

// request says how c runs in an image, and what is to be recorded at its end.
func (r *Runtime) request(c component.Component, found component.Image, mounts []mount.Mount, log *logFile) ([]testcontainers.ContainerCustomizer, *classes) {
	site := component.Site{
		Addresses: r, Name: c.Name, BindHost: "0.0.0.0", Peer: r.Peer, Dir: path.Join(siteDir, c.Name),
		Artefacts: found.Artefacts, Executable: found.Executable, JavaHome: found.JavaHome,
		Secrets: r.options.Secrets, Long: r.options.Long,
	}
	if c.Program.Builtin != "" {
		site.Executable = path.Join(programDir, programName)
	}
	bind, record := r.shareClasses(c, found, &site)
	plan := c.Process(site)
	options := []testcontainers.ContainerCustomizer{
		testcontainers.WithEntrypoint(plan.Command[0]),
		testcontainers.WithCmd(plan.Command[1:]...),
		testcontainers.WithEnv(environment(c, site, plan)),
		testcontainers.WithAdditionalLifecycleHooks(r.copyIn(found, site, plan)),
		testcontainers.WithLabels(r.labels(c.Name)),
		testcontainers.WithLogConsumers(log),
		testcontainers.WithExposedPorts(exposed(c)...),
		testcontainers.WithConfigModifier(func(config *container.Config) {
			config.User, config.WorkingDir = found.User, site.Dir
		}),
		testcontainers.WithHostConfigModifier(func(host *container.HostConfig) {
			host.PortBindings, host.Mounts = r.bindings(c), mounts
			if bind != "" {
				host.Binds = append(host.Binds, bind)
			}
			// Half as much again as it should take: a leak must not exhaust the
			// machine, and all of them together fit in 8 GB.
			host.Memory = int64(c.MemoryMiB) * 3 / 2 << 20
		}),
	}
	return options, record
}

// environment has a HOME that the component's user can write to.
func environment(c component.Component, site component.Site, plan component.Process) map[string]string {
	env := map[string]string{"HOME": site.Dir}
	for _, pair := range plan.Env {
		key, value, _ := strings.Cut(pair, "=")
		env[key] = value
	}
	if c.Program.Builtin != "" {
		key, value, _ := strings.Cut(reexec.Env(c.Program.Builtin), "=")
		env[key] = value
	}
	return env
}

func exposed(c component.Component) []string {
	var list []string
	for _, p := range mapped(c) {
		list = append(list, portOf(p).String())
	}
	return list
}

// mapped are the ports of c that the host uses. Where it uses none, an inner one is
// mapped all the same: of a container that is to expose no port the library publishes
// all that its image declares, on every address of the machine.
func mapped(c component.Component) []component.Port {
	outer := slices.DeleteFunc(slices.Clone(c.Ports), func(p component.Port) bool { return p.Inner })
	if len(outer) == 0 {
		return c.Ports[:min(1, len(c.Ports))]
	}
	return outer
}

func portOf(p component.Port) mobynet.Port {
	port, _ := mobynet.PortFrom(uint16(p.Number), mobynet.TCP) // TCP is a protocol that it knows
	return port
}

// bindings maps the ports of c to the loopback addresses that were chosen, and one
// that has none to a free one.
func (r *Runtime) bindings(c component.Component) mobynet.PortMap {
	bindings := mobynet.PortMap{}
	for _, p := range mapped(c) {
		_, number, _ := net.SplitHostPort(r.Addr(c.Name, p.Name)) // ours, so well formed
		bindings[portOf(p)] = []mobynet.PortBinding{{HostIP: netip.MustParseAddr(ports.Loopback), HostPort: number}}
	}
	return bindings
}
