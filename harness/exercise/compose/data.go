package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// Lost finds whether a service's data is gone after 'docker compose down'. where is the
// folder of its data in the container, or $NAME for the environment variable that has it.
func (f *File) Lost(service, where string) *Finding {
	s, there := f.Project.Services[service]
	if !there {
		return &Finding{f.Label, f.line("services"), "there is no service " + service}
	}
	at := where
	if name, variable := strings.CutPrefix(where, "$"); variable {
		value := s.Environment[name]
		if value == nil || *value == "" {
			return f.at(service, "environment", "%s isn't set, so its data is in a folder under /tmp of the container", name)
		}
		at = *value
	}
	at = path.Clean(at)
	for _, v := range s.Volumes {
		if at != v.Target && !strings.HasPrefix(at, strings.TrimSuffix(v.Target, "/")+"/") {
			continue
		}
		switch {
		case v.Type != types.VolumeTypeVolume:
			return f.at(service, "volumes", "%s is a %s there, which ends with the container", v.Target, v.Type)
		case v.Source == "":
			return f.at(service, "volumes", "the volume at %s has no name, so the next container gets another one", v.Target)
		}
		return nil
	}
	return f.at(service, "volumes", "no volume holds %s, where its data is: 'docker compose down' removes it with the container", at)
}

// Open finds ports that other machines can reach.
func (f *File) Open() (found []*Finding) {
	for _, name := range f.Services() {
		for _, p := range f.Project.Services[name].Ports {
			if p.HostIP != "127.0.0.1" && p.HostIP != "::1" {
				found = append(found, f.at(name, "ports", "port %s is open to every machine that reaches this one, and no server here asks for a password: write 127.0.0.1:%s:%d", p.Published, p.Published, p.Target))
			}
		}
	}
	return found
}

// Dockerfiles returns those of the file's own folder from which services are built.
func (f *File) Dockerfiles() (names []string) {
	for _, name := range f.Services() {
		if b := f.Project.Services[name].Build; b != nil && b.Context == folder && !slices.Contains(names, b.Dockerfile) {
			names = append(names, b.Dockerfile)
		}
	}
	return names
}
