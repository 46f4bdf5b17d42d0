// Package image says in which container image each component runs, and where in
// it things are: the public image, or one that `lab dev images build` has made from
// a distribution's packages and the same artefacts that the local runtime uses.
package image

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/component"
)

// Image is one that a component can run in. Where it is built, its Artefacts are
// in the order of the program's poms, and there is nothing Extra.
type Image struct {
	component.Image
	// Built: `lab dev images build` makes it; no registry has it.
	Built bool
}

const (
	// artefactsDir is where built images have the artefacts.
	artefactsDir = "/opt/hoplab"
	// builtJava is a link to the distribution's Java.
	builtJava = "/opt/java"
	// nobody is its user and group in Debian.
	nobody = "65534:65534"
	// repository is the name that built images begin with.
	repository = "hoplab"
)

// Built returns the image of c that `lab dev images build` makes; it can't make one
// of a program that is ImageOnly. Its tag is a hash of the artefacts in it, so
// images of different versions have different tags.
func Built(c component.Component) (Image, error) {
	image := Image{Built: true}
	image.JavaHome, image.Executable = builtJava, "/usr/sbin/mosquitto"
	image.User = cmp.Or(c.Program.Image.User, nobody)
	if len(c.Program.Poms) == 0 {
		image.Name = Base()
		return image, nil
	}
	sum := sha256.New()
	for _, name := range c.Program.Poms {
		pom, err := fixtures.Pom(name)
		if err != nil {
			return image, err
		}
		sum.Write(pom)
		// Alone in its parent, as plug-ins have to be.
		image.Artefacts = append(image.Artefacts, path.Join(artefactsDir, name, name))
	}
	image.Name = fmt.Sprintf("%s/%s:%s", repository, c.Program.Poms[0], hex.EncodeToString(sum.Sum(nil)[:6]))
	return image, nil
}

// Base is the image that all built ones begin with: a JRE and mosquitto.
func Base() string {
	sum := sha256.Sum256([]byte(strings.Join(basePackages, ",") + baseSuite + baseHook))
	return repository + "/base:" + hex.EncodeToString(sum[:6])
}
