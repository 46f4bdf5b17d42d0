package containers

import (
	"context"
	"fmt"
	"net"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/server/runtime/ports"
)

// Compose says what a compose file is to have.
type Compose struct {
	// Stack is the name of the stack, All its components, and Components those that run.
	Stack           string
	All, Components []component.Component
	// Ports fixes ports of the host, by "component.port"; the others are the components'
	// own numbers.
	Ports map[string]int
	// Jars returns the folder of a pom's artefacts, which an image lacks.
	Jars func(ctx context.Context, pom string) (string, error)
}

// Source of the format: compose-spec/compose-spec, spec.md.
type (
	composeFile struct {
		Name     string             `yaml:"name"`
		Services map[string]service `yaml:"services"`
		Volumes  map[string]any     `yaml:"volumes"`
		Configs  map[string]content `yaml:"configs"`
	}
	service struct {
		Image       string               `yaml:"image"`
		User        string               `yaml:"user"`
		WorkingDir  string               `yaml:"working_dir,omitempty"`
		Entrypoint  []string             `yaml:"entrypoint,flow"`
		Command     []string             `yaml:"command"`
		Environment map[string]string    `yaml:"environment,omitempty"`
		Ports       []string             `yaml:"ports,omitempty"`
		DependsOn   map[string]condition `yaml:"depends_on,omitempty"`
		Healthcheck *healthcheck         `yaml:"healthcheck,omitempty"`
		Configs     []configFile         `yaml:"configs,omitempty"`
		Volumes     []string             `yaml:"volumes,omitempty"`
		Tmpfs       []string             `yaml:"tmpfs,omitempty"`
		MemLimit    string               `yaml:"mem_limit,omitempty"`
	}
	condition struct {
		Condition string `yaml:"condition"`
	}
	healthcheck struct {
		Test        []string `yaml:"test,flow"`
		Interval    string   `yaml:"interval"`
		StartPeriod string   `yaml:"start_period"`
		Retries     int      `yaml:"retries"`
	}
	configFile struct {
		Source string `yaml:"source"`
		Target string `yaml:"target"`
		Mode   string `yaml:"mode"`
	}
	content struct {
		Content string `yaml:"content"`
	}
)

// prepare is the service that gives each component's volume its folders and its owner,
// and then ends.
const prepare = "prepare"

// File returns the compose file: each component as it runs in a container of hoplab's, its
// ports on loopback, its data in a volume that stays after 'docker compose down'. What
// is built into hoplab can't be in one.
func (o Compose) File(ctx context.Context) ([]byte, error) {
	file := composeFile{Name: "hoplab-" + o.Stack, Services: map[string]service{}, Volumes: map[string]any{}, Configs: map[string]content{}}
	first := service{Image: o.Components[0].Program.Image.Name, User: "0:0", Entrypoint: []string{"sh", "-ec"}}
	first.Tmpfs = declared(first.Image)
	var script strings.Builder
	for _, c := range o.Components {
		if c.Program.Builtin != "" {
			return nil, fmt.Errorf("%s is built into hoplab, so a compose file can't have it: choose the components with --only, or another stack with --stack", c.Name)
		}
		one, folders, err := o.service(ctx, c, file.Configs)
		if err != nil {
			return nil, err
		}
		file.Services[c.Name], file.Volumes[c.Name] = one, nil
		first.Volumes = append(first.Volumes, c.Name+":"+path.Join(siteDir, c.Name))
		fmt.Fprintf(&script, "mkdir -p %s\nchown -R %s %s\n", strings.Join(folders, " "), c.Program.Image.User, folders[0])
	}
	first.Command = []string{script.String()}
	file.Services[prepare] = first
	return yaml.Marshal(file)
}

// service describes c, adds its files to configs, and returns the folders that it needs,
// its own first.
func (o Compose) service(ctx context.Context, c component.Component, configs map[string]content) (service, []string, error) {
	found := c.Program.Image
	site := component.Site{
		Addresses: o, Name: c.Name, BindHost: "0.0.0.0", Peer: o.peer, Dir: path.Join(siteDir, c.Name),
		Artefacts: found.Artefacts, Executable: found.Executable, JavaHome: found.JavaHome,
	}
	plan := c.Process(site)
	one := service{
		Image: found.Name, User: found.User, WorkingDir: site.Dir, Entrypoint: plain(plan.Command[:1]), Command: plain(plan.Command[1:]),
		Environment: map[string]string{}, DependsOn: map[string]condition{prepare: {"service_completed_successfully"}},
		Tmpfs: declared(found.Name), Healthcheck: health(c), Volumes: []string{c.Name + ":" + site.Dir}, MemLimit: fmt.Sprintf("%dm", c.MemoryMiB*3/2),
	}
	for name, value := range environment(c, site, plan) {
		one.Environment[name] = escape(value)
	}
	for _, p := range c.Ports {
		if !p.Inner {
			one.Ports = append(one.Ports, fmt.Sprintf("%s:%d", o.Addr(c.Name, p.Name), p.Number))
		}
	}
	for _, peer := range c.Peers {
		one.DependsOn[peer] = condition{"service_healthy"}
	}
	folders := []string{site.Dir}
	for _, f := range plan.Files {
		source := c.Name + "-" + strings.ReplaceAll(f.Path, "/", "-")
		configs[source] = content{escape(f.Text)}
		// No owner: with one, Docker 20.10 looks for the service's user on the host, by
		// name (moby's tarCopyOptions). There is no password in any of the files.
		one.Configs = append(one.Configs, configFile{source, path.Join(site.Dir, f.Path), "0444"})
		if dir := path.Dir(path.Join(site.Dir, f.Path)); !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	for _, pom := range found.Extra {
		dir, err := o.Jars(ctx, pom)
		if err != nil {
			return one, nil, err
		}
		one.Volumes = append(one.Volumes, escape(dir)+":"+found.Artefacts[slices.Index(c.Program.Poms, pom)]+":ro,z")
	}
	return one, folders, nil
}

// declared are the volumes that an image declares, of which the engine would make
// nameless ones that stay after 'docker compose down'. hoplab's servers use none.
func declared(image string) []string {
	l, _, _ := layout.ByImage(image)
	return l.Volumes
}

// health asks whether the first of c's ports takes connections, with what is there:
// BusyBox has nc, though not always with -z, which only its nc_bloaty.c knows; the images
// of Debian's kind have bash.
func health(c component.Component) *healthcheck {
	port := c.Ports[0].Number
	return &healthcheck{
		Test:     []string{"CMD-SHELL", fmt.Sprintf("nc -w 2 127.0.0.1 %[1]d </dev/null >/dev/null 2>&1 || bash -c ': </dev/tcp/127.0.0.1/%[1]d'", port)},
		Interval: "2s", StartPeriod: c.BootLimit.String(), Retries: 3,
	}
}

// escape protects what compose would take for a variable.
func escape(text string) string { return strings.ReplaceAll(text, "$", "$$") }

func plain(list []string) []string {
	var escaped []string
	for _, text := range list {
		escaped = append(escaped, escape(text))
	}
	return escaped
}

// number returns the number of a component's port in its container.
func (o Compose) number(name, port string) int {
	for _, c := range o.All {
		for _, p := range c.Ports {
			if c.Name == name && p.Name == port {
				return p.Number
			}
		}
	}
	panic(fmt.Sprintf("compose: %s has no port %q", name, port))
}

// Addr returns the address on the host.
func (o Compose) Addr(name, port string) string {
	number, fixed := o.Ports[name+"."+port]
	if !fixed {
		number = o.number(name, port)
	}
	return net.JoinHostPort(ports.Loopback, strconv.Itoa(number))
}

func (o Compose) peer(name, port string) string {
	return fmt.Sprintf("%s:%d", name, o.number(name, port))
}
