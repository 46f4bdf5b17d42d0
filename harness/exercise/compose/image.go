package compose

import "strings"

// Missing finds services that there should be.
func (f *File) Missing(names ...string) (found []*Finding) {
	for _, name := range names {
		if _, there := f.Project.Services[name]; !there {
			found = append(found, &Finding{f.Label, f.line("services"), "there is no service " + name})
		}
	}
	return found
}

// Unpinned finds images that are others tomorrow.
func (f *File) Unpinned() (found []*Finding) {
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		if s.Build == nil && s.Image == "" {
			found = append(found, f.at(name, "image", "there is no image, and nothing to build one from"))
		}
		if s.Build == nil && !pinned(s.Image) {
			found = append(found, f.at(name, "image", "the image %s is another one tomorrow: it needs a tag that names a version", s.Image))
		}
	}
	return found
}

// floating are tags that move from version to version.
var floating = map[string]bool{"latest": true, "stable": true, "edge": true, "main": true, "master": true, "nightly": true, "lts": true}

// pinned reports whether an image's name says which version it is: a digest, or a tag
// with a number in it.
func pinned(image string) bool {
	if image == "" || strings.Contains(image, "@sha256:") {
		return image != ""
	}
	_, tag, tagged := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
	return tagged && !floating[tag] && strings.ContainsAny(tag, "0123456789")
}
