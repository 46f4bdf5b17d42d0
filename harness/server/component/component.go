// Package component describes each server of the pipeline once: its ports, its
// files, its command, its memory and how it says that it is ready. It knows
// nothing of where a component runs; that is a runtime's business, which hands
// a [Site] to the description and carries out the [Process] that comes back.
package component

import (
	"context"
	"net"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/tool"
)

// Component is one server. Its Name is also its host name where a runtime
// gives it one.
type Component struct {
	Name    string
	Program Program
	Ports   []Port
	// Hop is the place of the pipeline, by verify/hop's name or "bridge", that it is
	// part of; empty where rows don't pass it.
	Hop string
	// Attach has the ports that an attach file gives the address of: that for clients,
	// and, if it differs, that for other components. Without any, such a file can't
	// name the component.
	Attach []string
	// By is the component by way of which clients reach this one, if it isn't itself.
	By string
	// Page is what it has for a browser; the zero Page where that is nothing.
	Page Page
	// Peers are the components whose addresses this one is configured with.
	Peers []string
	// MemoryMiB is what it takes, resident, under a lab's load.
	MemoryMiB int
	// BootLimit is how long it may take from its launch until it is ready.
	BootLimit time.Duration
	// Unprivileged: it refuses to run as root, or changes to a user of its own who
	// can't reach its folder.
	Unprivileged bool
	// OwnLauncher: a script of its distribution starts its JVM, and fails when it
	// is to record classes.
	OwnLauncher bool
	// Process says what to run at a site.
	Process func(Site) Process
	// Ready asks the component once whether it serves. Its error says what was
	// seen instead.
	Ready func(context.Context, Addresses) error
}

// Page is a server's own page: what a person calls the server, the name of the port, and
// the path.
type Page struct{ Name, Port, Path string }

// Port is a named port. Number is the one it has where it has an address of
// its own, as in a container; elsewhere a runtime chooses.
type Port struct {
	Name   string
	Number int
	// Inner: only other components use it. In a container it isn't mapped to the
	// host, which would take time and room for nothing.
	Inner bool
}

// Program is what must be installed for a component to run: a set of Maven
// artefacts, a program on the PATH, a server built into hoplab, Python packages, or an image.
// Poms, Java and Image differ by version: a description leaves them empty, and a
// stack fills them in.
type Program struct {
	// Poms names files of fixtures/poms. The first holds the component itself,
	// the others are its plugins.
	Poms []string
	// Python names a file of fixtures/python, whose folder is the one of Artefacts: a
	// virtual environment, or what was unpacked. Such a program is optional: nothing of
	// it is downloaded before somebody asks for it.
	Python string
	// Java is which versions of Java run it; the zero Versions are of a program that
	// needs none. It differs by version too.
	Java jdk.Versions
	// Binary is a program that is looked up on the PATH.
	Binary tool.Tool
	// Calls are programs of the machine that its start script needs.
	Calls []tool.Tool
	// Builtin is the name of a server that hoplab's own executable contains.
	Builtin string
	// ImageOnly: no package of it exists that hoplab could fetch. It runs only where
	// a container engine has its public image.
	ImageOnly bool
	// Image is its public image; its name is empty where there is none.
	Image Image
}

// Image is a container image, and where in it the files of a Site are.
type Image struct {
	// Name is the image's reference, with its tag.
	Name string
	// User is the image's own user and group as numbers, uid:gid. The component runs
	// as this user, whom its files belong to.
	User string
	// Platforms are those that the tag exists for, such as linux/arm64.
	Platforms []string
	// JavaHome, Executable and Artefacts are as in Site, in the image.
	JavaHome, Executable string
	Artefacts            []string
	// Extra names those of the program's Poms that the image lacks. Their jars
	// are copied in at the start, into the folder that Artefacts gives for them.
	Extra []string
}

// Process is what a runtime carries out to run a component.
type Process struct {
	Files   []File
	Command []string
	Env     []string // KEY=value, added to a runtime's own environment
}

// File is a file that must be there before the process starts. Path is
// relative to the site's Dir.
type File struct {
	Path string
	Text string
	// Private: it may hold secrets, so only the process can read it.
	Private bool
}

// Site is where a component is about to run, as its process will see it.
type Site struct {
	Addresses
	// Dir is a folder of the component's own that its process may write to.
	Dir string
	// Artefacts has the folder of each of the program's Poms, in their order. The
	// folder is alone in its parent.
	Artefacts []string
	// Executable is the path of the program's Binary, or of hoplab itself
	// where the program is Builtin.
	Executable string
	// JavaHome is the folder that holds bin/java.
	JavaHome string
	// Classes is the path of an archive of the JVM's loaded classes (class-data
	// sharing), which halves the time of a boot; empty where there is none.
	Classes string
	// RecordClasses: the archive isn't there yet, and is to be written to that
	// path when the process is terminated.
	RecordClasses bool
	// Long: the run will be long and busy, so JVMs use their optimizing compiler,
	// though that makes their boot slower.
	Long bool
	// Name is the component's own.
	Name string
	// BindHost is the address to listen on: loopback, or all of a container's.
	BindHost string
	// Secrets has the logins that components require, by component. A component
	// without one is open to everybody, which is the default.
	Secrets access.Set
	// Peer returns the address at which this process reaches a port of a
	// component, itself included, as host:port.
	Peer func(component, port string) string
}

// Bind returns the address to listen on for one of the component's own ports.
func (s Site) Bind(port string) string {
	_, number := split(s.Peer(s.Name, port))
	return net.JoinHostPort(s.BindHost, number)
}

// split cuts host:port. Addresses come from a runtime, so they are well formed.
func split(addr string) (host, port string) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		panic("component: not an address: " + addr)
	}
	return host, port
}

// Addresses are where programs on the host reach a component's ports.
type Addresses interface {
	// Addr returns host:port.
	Addr(component, port string) string
}

// Logins is implemented by Addresses of components that require a login.
type Logins interface {
	// Login returns the zero Login for a component that is open to everybody.
	Login(component string) access.Login
}

func loginOf(at Addresses, name string) access.Login {
	if known, ok := at.(Logins); ok {
		return known.Login(name)
	}
	return access.Login{}
}
