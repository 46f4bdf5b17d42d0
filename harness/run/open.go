package run

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
)

// Options say which run is wanted, and how one is started where none is up.
type Options struct {
	// Name chooses a run that is up; "" is the one that was left up, if any.
	Name string
	// Make: where no run is called Name, one is started under that name.
	Make bool
	// Keep: a run that is started is to be kept by [Run.Keep], and gets the name for it.
	Keep bool
	// Stack and Runtime name the versions and the runtime; "" leaves the choice to the
	// environment, and then to what is there.
	Stack, Runtime string
	// File has the addresses of components that run already; nil where there are none.
	File   *attach.File
	Ports  map[string]int // fixed ports, by component.port
	Secure bool           // components ask for logins
	Long   bool           // the run will be long and busy
	UI     *ui.UI         // shows what is chosen, and how far each component is
}

// Open returns a run with the named components, and what they need, ready: one that
// is up, or one that ends with this process unless it is kept. With a file of
// addresses nothing is started, and the file must have all of the components.
func Open(ctx context.Context, names []string, o Options) (*Run, error) {
	r, err := o.find(ctx, names)
	if err != nil {
		return nil, err
	}
	if err := r.Boot(ctx, o.UI); err != nil {
		return nil, err
	}
	return r, nil
}

func (o Options) find(ctx context.Context, names []string) (*Run, error) {
	versions, err := version.Find(version.Wanted(o.Stack))
	if err != nil {
		return nil, AskedError{err}
	}
	if err := CheckPorts(versions.Components(), o.Ports); err != nil {
		return nil, err
	}
	if o.File != nil {
		if err := o.File.Require(names); err != nil {
			return nil, AskedError{err}
		}
	}
	if found, err := o.up(ctx); found != nil || err != nil {
		if err != nil {
			return nil, err
		}
		return o.reuse(*found, names)
	}
	return o.start(ctx, versions, names)
}

// up returns the run that is to be used, or nil where one is to be started.
func (o Options) up(ctx context.Context) (*Up, error) {
	all, err := List(ctx, o.UI, "") // this also sweeps what killed runs have left
	if err != nil || o.File != nil {
		return nil, err
	}
	if o.Name != "" {
		for _, u := range all {
			if u.Client.Name() == o.Name {
				return &u, nil
			}
		}
		if o.Make {
			return nil, nil
		}
		return nil, &NotUpError{o.Name}
	}
	left := leftUp(all)
	if len(left) == 0 {
		return nil, nil
	}
	found, err := one(left)
	return &found, err
}

// reuse takes a run that is up, unless it isn't as it was asked for.
func (o Options) reuse(u Up, names []string) (*Run, error) {
	name := u.Client.Name()
	logins, err := u.Client.Access()
	if err != nil {
		return nil, err
	}
	switch wanted := version.Wanted(o.Stack); {
	case u.State.Runtime == "attach":
		return nil, asked("the run %q only uses servers that run elsewhere: give --attach with their file of addresses", name)
	case wanted != "" && wanted != u.State.Stack:
		return nil, asked("the run %q is up with the stack %s, not %s: end it with 'lab down %s' first", name, u.State.Stack, wanted, name)
	case o.Runtime != "" && o.Runtime != u.State.Runtime:
		return nil, asked("the run %q is up in the %s runtime, not %s: end it with 'lab down %s' first", name, u.State.Runtime, o.Runtime, name)
	case o.Make && o.Secure != secured(logins):
		return nil, asked("the run %q is up, and was started %s --secure; 'lab down %s' ends it, --name gives another", name, withOrWithout(secured(logins)), name)
	}
	for port, number := range o.Ports {
		if component, name, _ := strings.Cut(port, "."); !strings.HasSuffix(u.State.Addr(component, name), fmt.Sprintf(":%d", number)) {
			return nil, asked("the run %q is up, without --port %s=%d: end it with 'lab down %s' first", u.Client.Name(), port, number, u.Client.Name())
		}
	}
	versions, err := version.Find(u.State.Stack)
	if err != nil {
		return nil, err
	}
	o.UI.Say("using the run %q, stack %s, which is up since %s; 'lab down %s' ends it", name, u.State.Stack, u.State.Started.Format(time.TimeOnly), name)
	return &Run{Client: u.Client, Names: versions.Needed(names...), Reused: true}, nil
}

// secured reports whether the logins are of a run with --secure.
func secured(logins access.Set) bool { return logins[component.Securable[0]] != (access.Login{}) }

func withOrWithout(with bool) string {
	if with {
		return "with"
	}
	return "without"
}

func (o Options) start(ctx context.Context, versions version.Stack, names []string) (*Run, error) {
	if o.File == nil { // what already runs has what it needs
		names = versions.Needed(names...)
	}
	if versions.Name != version.Default {
		o.UI.Say("stack %s: %s", versions.Name, versions.Why)
	}
	chosen, err := o.ChooseRuntime(ctx, versions, names)
	if err != nil {
		return nil, err
	}
	if chosen != "attach" {
		if err := o.announce(chosen, versions, names); err != nil {
			return nil, err
		}
	}
	name := Own("run")
	if o.File == nil && (o.Keep || o.Make) {
		name = cmp.Or(o.Name, Kept)
	}
	c := keeper.Config{Runtime: chosen, Stack: versions.Name, Ports: o.Ports, Secure: o.Secure, Long: o.Long}
	if o.File == nil {
		return Start(ctx, name, c, names)
	}
	c.Attach = o.File.Path
	r, err := Start(ctx, name, c, names)
	if err == nil {
		r.Access, r.Prefix, r.Files = o.File.Access(), o.File.Prefix, o.File.Files
	}
	return r, err
}

// announce says what a first start downloads, and how much that is: in containers, what
// their images lack.
func (o Options) announce(chosen string, versions version.Stack, names []string) error {
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	components, err := versions.ByName(names...)
	if err != nil {
		return err
	}
	var poms, sets []string
	for _, c := range components {
		if chosen == "containers" {
			poms = append(poms, c.Program.Image.Extra...)
			continue
		}
		poms = append(poms, c.Program.Poms...)
		if c.Program.Python != "" {
			sets = append(sets, c.Program.Python)
		}
	}
	slices.Sort(poms)
	missing, bytes, err := maven.Store{Dir: filepath.Join(cache, "artefacts")}.Missing(slices.Compact(poms)...)
	if err == nil {
		packages, more, lacking := python.Of(cache).Missing(context.Background(), sets...)
		missing, bytes, err = append(missing, packages...), bytes+more, lacking
	}
	if err == nil && len(missing) > 0 {
		o.UI.Say("the first start downloads %s, up to %d MiB, into %s; later starts download nothing", strings.Join(missing, ", "), bytes>>20, cache)
	}
	return err
}

// ChooseRuntime returns the runtime for these components of a stack, and says why.
func (o Options) ChooseRuntime(ctx context.Context, versions version.Stack, names []string) (string, error) {
	components, err := versions.ByName(names...)
	if err != nil {
		return "", AskedError{err}
	}
	chosen, err := choose.Runtime(ctx, o.Runtime, components)
	if err != nil {
		return "", AskedError{err}
	}
	o.UI.Say("%s runtime: %s", chosen.Name, chosen.Why)
	return chosen.Name, nil
}

// CheckPorts reports a port that none of the components has.
func CheckPorts(components []component.Component, ports map[string]int) error {
	known := map[string]bool{}
	for _, c := range components {
		for _, p := range c.Ports {
			known[c.Name+"."+p.Name] = true
		}
	}
	for name, number := range ports {
		if !known[name] {
			return asked("--port %s: no component has that port; ports are called like kafka.client, elasticsearch.http or mosquitto.mqtt", name)
		}
		if number < 1 || number > 65535 {
			return asked("--port %s=%d: a port is 1 to 65535", name, number)
		}
	}
	return nil
}
