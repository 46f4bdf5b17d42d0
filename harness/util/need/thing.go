// Package need says what a machine may lack and the program can do without, and
// skips the tests that can't, by name and reason. HOPLAB_NEED makes such a skip a
// failure, so that a machine that should have everything can't lose a test unseen.
package need

import (
	"fmt"
	"slices"
	"strings"
)

// Variable names, separated by commas, the things that must be there: a test that
// lacks one of them fails.
const Variable = "HOPLAB_NEED"

// Thing is what a machine may lack.
type Thing struct {
	Name string // in Variable
	What string // as a skipped test says it
	Get  string // how to get it
}

// All are the things without which tests are skipped.
var (
	Mosquitto = Thing{"mosquitto", "mosquitto with its clients", "apt-get install mosquitto mosquitto-clients (Debian), dnf install mosquitto (Fedora), brew install mosquitto (macOS)"}
	Chromium  = Thing{"chromium", "chromium", "apt-get install chromium (Debian), dnf install chromium (Fedora)"}
	Engine    = Thing{"containers", "a container engine with hoplab's images", "install and start Docker or Podman, then: go run ./harness/cmd/lab dev images build"}
	Sandbox   = Thing{"sandbox", "a sandbox for scripts", "a Linux that lets this user make user namespaces; in a container, see the engine's settings for them"}
	Java21    = Thing{"java21", "Java 21 or newer", "apt-get install openjdk-21-jre-headless (Debian 13, Ubuntu), dnf install java-21-openjdk-headless (Fedora), brew install openjdk@21 (macOS)"}

	Python   = Thing{"python", "a Python with venv", "apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04), dnf install python3.12 (Fedora), brew install python@3.12 (macOS)"}
	Superset = Thing{"superset", "Superset in the cache", "go run ./harness/cmd/lab fetch --with superset"}

	All = []Thing{Mosquitto, Chromium, Engine, Sandbox, Java21, Python, Superset}
)

const skipped = "skipped because this machine lacks "

// Of returns the thing that a skip message names as missing.
func Of(text string) (Thing, bool) {
	for _, thing := range All {
		if strings.Contains(text, skipped+thing.What+": ") {
			return thing, true
		}
	}
	return Thing{}, false
}

// required reports whether list, which is the value of Variable, has the thing. A
// name that doesn't exist is an error: it would require nothing.
func required(list string, thing Thing) (bool, error) {
	found := false
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		if name != "" && !slices.ContainsFunc(All, func(t Thing) bool { return t.Name == name }) {
			return false, fmt.Errorf("%s is %q, and nothing is named %q; it can have %s", Variable, list, name, names())
		}
		found = found || name == thing.Name
	}
	return found, nil
}

func names() string {
	var all []string
	for _, t := range All {
		all = append(all, t.Name)
	}
	return strings.Join(all, ", ")
}
