// Package layout has what the public container images are: tags and platforms, user,
// paths, environment, volumes, ports, entrypoint, and the source of each fact. How a
// component runs in its image, the images that `lab dev images build --like-public`
// makes, and docs/images.md come from it.
package layout

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/server/component"
)

//go:embed layouts.yaml
var text []byte

// Layout is a public image, in all its tags.
type Layout struct {
	Name       string `yaml:"-"`
	Repository string
	Tags       map[string]Tag
	// Userland is busybox, where the image has no other tools, or debian for any with
	// a C library and a shell as Debian's.
	Userland string
	// User is the uid:gid that the server runs as.
	User string
	// RunsAs is the image's USER; empty for root.
	RunsAs string `yaml:"runs_as"`
	// JavaHome, Executable: see component.Image.
	JavaHome   string `yaml:"java_home"`
	Executable string
	// StandIn: its lookalike runs hoplab's own program in place of the server.
	StandIn bool `yaml:"stand_in"`
	// Folders are those that the image has for its user to write to, as far as its
	// stand-in shows them.
	Folders []string
	// Classes are folders that hold what the first of the program's poms names.
	Classes []string
	// Workdir, Env, Volumes, Expose, Entrypoint and Command are the instructions of
	// its Dockerfile.
	Workdir             string
	Env                 map[string]string
	Volumes             []string
	Expose              []int
	Entrypoint, Command []string
	Sources             []Source
}

// Tag is one version of an image.
type Tag struct {
	Platforms []string // such as linux/arm64
	// Poms names what its lookalike has in the first folder of Classes, of fixtures/poms.
	Poms []string
	// Java is the version of its lookalike's, 17 where it is 0.
	Java int
	// RunsAs is this tag's USER, where it differs from the layout's.
	RunsAs string `yaml:"runs_as"`
	// Digest is that of the index of all platforms, when a public source read it; ""
	// where none was found. A tag may have been moved to another since.
	Digest string
}

// Source says where a fact comes from.
type Source struct{ Fact, At string }

var all = func() map[string]Layout {
	found := map[string]Layout{}
	if err := yaml.Unmarshal(text, &found); err != nil { // it is part of this program
		panic("layout: " + err.Error())
	}
	for name, l := range found {
		l.Name = name
		found[name] = l
	}
	return found
}()

// Names returns the layouts' names, sorted.
func Names() []string { return slices.Sorted(maps.Keys(all)) }

// Of returns the layout of that name, such as "kafka".
func Of(name string) Layout {
	l, known := all[name]
	if !known { // names are constants
		panic("layout: there is none of " + name)
	}
	return l
}

// StandInRole is the role in which hoplab's own program runs in place of the server.
func (l Layout) StandInRole() string { return "stand-in-" + l.Name }

// ByImage returns the layout and the tag of an image's reference.
func ByImage(reference string) (Layout, Tag, bool) {
	for _, l := range all {
		for name, tag := range l.Tags {
			if l.Repository+":"+name == reference {
				l.RunsAs = cmp.Or(tag.RunsAs, l.RunsAs)
				return l, tag, true
			}
		}
	}
	return Layout{}, Tag{}, false
}

// Image returns the image of a tag, in which a component can run.
func (l Layout) Image(tag string) component.Image {
	if _, known := l.Tags[tag]; !known {
		panic(fmt.Sprintf("layout: %s has no tag %s", l.Name, tag))
	}
	return component.Image{
		Name: l.Repository + ":" + tag, User: l.User, Platforms: slices.Clone(l.Tags[tag].Platforms),
		JavaHome: l.JavaHome, Executable: l.Executable, Artefacts: slices.Clone(l.Classes),
	}
}
