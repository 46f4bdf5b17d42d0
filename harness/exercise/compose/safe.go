package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Safe finds what gives a container more of the machine than its own folder: such a file
// isn't started, and doesn't suit another machine.
func (f *File) Safe() (found []*Finding) {
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		for _, asked := range []struct {
			key  string
			does bool
			why  string
		}{
			{"privileged", s.Privileged, "privileged gives the container the whole machine: leave it out"},
			{"network_mode", s.NetworkMode != "" && s.NetworkMode != "bridge" && s.NetworkMode != "none", "network_mode " + s.NetworkMode + " takes another's network: name networks, or none, which is one for all services"},
			{"pid", s.Pid != "", "pid shows the container other processes: leave it out"},
			{"ipc", s.Ipc == "host", "ipc shares the machine's memory: leave it out"},
			{"userns_mode", s.UserNSMode != "", "userns_mode changes who root is: leave it out"},
			{"cgroup_parent", s.CgroupParent != "" || s.Cgroup == "host", "the container's own cgroup is enough: leave it out"},
			{"cap_add", len(s.CapAdd) > 0, "cap_add gives the container rights over the machine: leave it out"},
			{"devices", len(s.Devices)+len(s.DeviceCgroupRules)+len(s.Gpus) > 0, "devices are the machine's: leave them out"},
			{"security_opt", len(s.SecurityOpt) > 0, "security_opt changes what protects the machine: leave it out"},
			{"volumes_from", len(s.VolumesFrom) > 0, "volumes_from takes another container's volumes: name a volume"},
			{"use_api_socket", s.UseAPISocket, "the engine's socket is the whole machine: leave it out"},
			{"uts", s.Uts == "host", "uts shares the machine's name: leave it out"},
			{"post_start", slices.ContainsFunc(s.PostStart, asRoot), "a privileged hook has the whole machine: leave privileged out"},
			{"pre_stop", slices.ContainsFunc(s.PreStop, asRoot), "a privileged hook has the whole machine: leave privileged out"},
			{"provider", s.Provider != nil, "provider runs a program of the machine: leave it out"},
		} {
			if asked.does {
				found = append(found, f.at(name, asked.key, "%s", asked.why))
			}
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeVolume && v.Type != types.VolumeTypeTmpfs {
				found = append(found, f.at(name, "volumes", "%s is a file or folder of this machine, which another doesn't have: name a volume for data, and write a config's text under configs", inFolder(v.Source)))
			}
		}
		if s.Build != nil {
			found = append(found, f.builds(name, *s.Build)...)
		}
	}
	return append(found, f.outside()...)
}

func asRoot(h types.ServiceHook) bool { return h.Privileged }

// builds finds what a build takes from outside the folder.
func (f *File) builds(name string, b types.BuildConfig) (found []*Finding) {
	sources := []string{b.Context}
	for _, source := range b.AdditionalContexts {
		sources = append(sources, source)
	}
	for _, source := range sources {
		if !within(source) {
			found = append(found, f.at(name, "build", "the build's context %s isn't in the compose file's folder", source))
		}
	}
	if !within(path.Join(folder, b.Dockerfile)) || path.IsAbs(b.Dockerfile) {
		found = append(found, f.at(name, "build", "the Dockerfile %s isn't in the compose file's folder", b.Dockerfile))
	}
	if b.Privileged || b.Network == "host" || len(b.Entitlements)+len(b.SSH) > 0 {
		found = append(found, f.at(name, "build", "the build asks for rights over the machine: leave privileged, network, ssh and entitlements out"))
	}
	return found
}

// outside finds networks, volumes, configs and secrets that are the machine's.
func (f *File) outside() (found []*Finding) {
	add := func(kind, name, why string) {
		found = append(found, &Finding{f.Label, f.line(kind, name), kind + " " + name + ": " + why})
	}
	const external = "external is what somebody has made on this machine before, and another doesn't have it: leave external out"
	for name, n := range f.Project.Networks {
		if n.External {
			add("networks", name, external)
		} else if n.Driver != "" && n.Driver != "bridge" {
			add("networks", name, "the driver "+n.Driver+" takes a network of this machine: leave it out")
		}
	}
	for name, v := range f.Project.Volumes {
		if v.External {
			add("volumes", name, external)
		}
		if len(v.DriverOpts) > 0 || v.Driver != "" && v.Driver != "local" {
			add("volumes", name, "its driver and options may name a folder of this machine: leave them out")
		}
	}
	for name, c := range f.Project.Configs {
		if c.External {
			add("configs", name, external)
		}
		if c.File != "" || c.Environment != "" {
			add("configs", name, "its text is in a file or variable of this machine: write it under content")
		}
	}
	for name, c := range f.Project.Secrets {
		if c.External || c.File != "" || c.Environment != "" {
			add("secrets", name, "its text is in a file or variable of this machine, and no server here asks for a password: leave it out")
		}
	}
	slices.SortFunc(found, func(a, b *Finding) int { return a.Line - b.Line })
	return found
}

// within reports whether a path is in the compose file's folder.
func within(at string) bool { return at == folder || strings.HasPrefix(path.Clean(at), folder+"/") }

// inFolder writes a path as the file has it.
func inFolder(at string) string {
	if rest, ok := strings.CutPrefix(at, folder); ok {
		return "." + rest
	}
	return at
}
