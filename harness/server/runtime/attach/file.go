package attach

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
)

// File is what a YAML file says of components that already run.
type File struct {
	Path string
	// Prefix begins the name of whatever a run makes there.
	Prefix string
	// Files is a folder that this machine, Flink and the SQL engine have under the same
	// path, or "".
	Files string

	line    int // of "components:"
	entries map[string]entry
}

type entry struct {
	addr, peer string
	login      access.Login
	line       int
}

// ports has the ports by which clients and other components reach a component, and via
// the component by way of which clients reach another.
var ports, via = func() (map[string][]string, map[string]string) {
	ports, via := map[string][]string{}, map[string]string{}
	for _, c := range component.All() {
		if len(c.Attach) > 0 {
			ports[c.Name] = c.Attach
		}
		via[c.Name] = cmp.Or(c.By, c.Name)
	}
	return ports, via
}()

// aliases: the broker of a campus need not be a mosquitto.
var aliases = map[string]string{"mqtt": "mosquitto"}

// known lists the names that a component can have in a file.
func known() []string {
	names := slices.Collect(maps.Keys(ports))
	names = append(names, slices.Collect(maps.Keys(aliases))...)
	slices.Sort(names)
	return names
}

// Load reads a file, and the environment variables and certificates that it
// names. Its errors begin with file:line and have no secret in them.
func Load(path string) (*File, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the file of addresses: %w", err)
	}
	return parse(path, text)
}

// Has reports whether the file has a component. A TaskManager is reached by way
// of its JobManager.
func (f *File) Has(name string) bool {
	_, ok := f.entries[via[name]]
	return ok
}

// Broker returns the component that serves MQTT: mosquitto, unless the file has only
// the built-in broker.
func (f *File) Broker() string {
	if !f.Has("mosquitto") && f.Has("mochi") {
		return "mochi"
	}
	return "mosquitto"
}

// Require reports those of the named components that the file lacks.
func (f *File) Require(names []string) error {
	var missing []string
	for _, name := range names {
		if !f.Has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 && f.Files == "" && slices.Contains(names, "superset") {
		return fmt.Errorf("%s:1: files is missing: name the folder that this machine, Flink and the SQL engine share, under the same path on each", f.Path)
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("%s:%d: components lacks %s; give the address of each", f.Path, f.line, strings.Join(missing, ", "))
}

// Addr returns the address of a component's port, or "" where the file has none.
func (f *File) Addr(component, port string) string {
	if len(ports[component]) == 0 || ports[component][0] != port {
		return ""
	}
	return f.entries[component].addr
}

// Peer returns the address of a component's port as other components reach it.
func (f *File) Peer(component, port string) string {
	if !slices.Contains(ports[component], port) {
		return ""
	}
	e := f.entries[component]
	if e.peer != "" {
		return e.peer
	}
	return e.addr
}

// Access returns the logins of all components.
func (f *File) Access() access.Set {
	set := access.Set{}
	for name, e := range f.entries {
		if e.login != (access.Login{}) {
			set[name] = e.login
		}
	}
	return set
}

// Address returns the address by which clients reach a component; of a
// TaskManager its JobManager's.
func (f *File) Address(name string) string {
	return f.entries[via[name]].addr
}

func (f *File) fileLine(name string) string {
	return fmt.Sprintf("%s:%d", f.Path, f.entries[via[name]].line)
}

// defaultPrefix is hoplab- and the user's name, as far as names allow it.
func defaultPrefix() string {
	name := "user"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	return "hoplab-" + strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
}
