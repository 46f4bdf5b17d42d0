// Package version defines the stacks: named, pinned sets of versions that work together,
// and the reasons. It is the one place that knows what differs by version: a
// part's container image, its poms, and which of a component's descriptions fits.
package version

import (
	"fmt"
	"os"
	"slices"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/tool"
)

// Default is the stack of those who ask for none.
const Default = "classic"

// Variable names a stack in the environment.
const Variable = "HOPLAB_STACK"

// Stack is a set of versions that go together.
type Stack struct {
	Name string `json:"name"`
	// Why says what the stack is for, and what not to expect of it.
	Why   string `json:"why"`
	Parts []Part `json:"parts"`
}

// Part is what comes in one version: a server, or the three of Flink.
type Part struct {
	Name       string   `json:"name"`
	Components []string `json:"components"`
	Version    string   `json:"version"`
	// Image is the public container image, pinned by its tag. That of a server which
	// is built into hoplab is one that the program can run in. A process only has none.
	Image string `json:"image,omitempty"`
	// Poms names the files of fixtures/poms that the local runtime and built
	// images are made of; none where no package exists.
	Poms []string `json:"poms,omitempty"`
	// Packages names the file of fixtures/python of an optional part.
	Packages string `json:"packages,omitempty"`
	// Jars are connectors that the poms add, as artifact:version.
	Jars []string `json:"jars,omitempty"`
	// Why says why this version is in the stack.
	Why string `json:"why"`

	java      jdk.Versions // that run what the poms name
	spare     bool         // no stack names it
	described []component.Component
}

// added are the parts of the program's own.
var added []Part

// Add adds a component of the program's own to every stack. Call it in the program's
// keeper too, before its role is looked up.
func Add(c component.Component) { added = append(added, alone(c, "the program's own")) }

// alone is a part with the program and the image of the component's own description.
func alone(c component.Component, why string) Part {
	return Part{Name: c.Name, Image: c.Program.Image.Name, Components: []string{c.Name}, Why: why, described: []component.Component{c}}
}

// spare are the components that no stack names. They can be started beside any.
func spare(all []component.Component) (parts []Part) {
	named := map[string]bool{}
	for _, s := range every() {
		for _, c := range s.Components() {
			named[c.Name] = true
		}
	}
	for _, c := range all {
		if !named[c.Name] {
			p := alone(c, "no part of the pipeline")
			p.spare = true
			parts = append(parts, p)
		}
	}
	return parts
}

// All returns the stacks, the default one first.
func All() []Stack { return []Stack{classic(), seed(), current()} }

// every has all stacks, with those that users can't choose.
func every() []Stack { return append(All(), compat(), faults(), cluster()) }

// Names returns the stacks' names, the default one's first.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// Find returns the stack of that name; that of "" is the default one. It also
// knows [Compat], [Faults] and [Cluster], which users can't choose.
func Find(name string) (Stack, error) {
	if name == "" {
		name = Default
	}
	for _, s := range every() {
		if s.Name == name {
			s.Parts = append(append(s.Parts, spare(component.All())...), added...)
			return s, nil
		}
	}
	return Stack{}, fmt.Errorf("there is no stack %q; there are %v", name, Names())
}

// Wanted returns the name that the user asked for, if any: by a flag's value,
// which comes first, or in the environment.
func Wanted(flag string) string {
	if flag != "" {
		return flag
	}
	return os.Getenv(Variable)
}

// Components returns every component of the stack, in the order in which rows
// pass them, with the poms and the image of its version.
func (s Stack) Components() []component.Component {
	var all []component.Component
	for _, p := range s.Parts {
		all = append(all, p.described...)
	}
	return all
}

// Standard returns the components without the optional ones: those that are processes
// only, and those that no stack names.
func (s Stack) Standard() []component.Component {
	s.Parts = slices.DeleteFunc(slices.Clone(s.Parts), func(p Part) bool { return p.spare })
	return slices.DeleteFunc(s.Components(), func(c component.Component) bool { return c.Program.Python != "" })
}

// Tools returns the programs of the machine that the standard components need, each once.
func (s Stack) Tools() (tools []tool.Tool) {
	for _, c := range s.Standard() {
		for _, t := range append(c.Program.Calls, c.Program.Binary) {
			if t.Name != "" && !slices.Contains(tools, t) {
				tools = append(tools, t)
			}
		}
	}
	return tools
}

// Packaged returns those of the components that run in every runtime: the standard ones
// without those that are images only.
func (s Stack) Packaged() []component.Component {
	return slices.DeleteFunc(s.Standard(), func(c component.Component) bool { return c.Program.ImageOnly })
}

// ByName returns the stack's components of these names.
func (s Stack) ByName(names ...string) ([]component.Component, error) {
	all := s.Components()
	var found []component.Component
	for _, name := range names {
		i := slices.IndexFunc(all, func(c component.Component) bool { return c.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("no component of the stack %s is called %q; there are %v", s.Name, name, componentNames(all))
		}
		found = append(found, all[i])
	}
	return found, nil
}

// Needed returns these names and, before each, those of its peers, and theirs:
// Kafka may need ZooKeeper. A name that the stack doesn't know stays as it is:
// [Stack.ByName] reports it.
func (s Stack) Needed(names ...string) []string {
	var needed []string
	for _, name := range names {
		if slices.Contains(needed, name) {
			continue
		}
		if found, err := s.ByName(name); err == nil {
			for _, peer := range s.Needed(found[0].Peers...) {
				if !slices.Contains(needed, peer) {
					needed = append(needed, peer)
				}
			}
		}
		needed = append(needed, name)
	}
	return needed
}

func componentNames(all []component.Component) []string {
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	return names
}
