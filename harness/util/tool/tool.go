// Package tool finds the programs that hoplab needs from the machine, and says
// of a missing one why it is needed and how to install it.
package tool

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// Tool is a program that hoplab calls.
type Tool struct {
	Name string
	// Why says what hoplab does with it, to follow "is needed to".
	Why string
	// Optional says what happens without it; empty where hoplab can't do without.
	Optional string
	// Install has a command for "debian", "fedora" and "macos".
	Install map[string]string
}

// All are the tools that hoplab knows.
var All = []Tool{
	{
		Name: "java", Why: "run Kafka, Kafka Connect, Flink and Elasticsearch (Java 17 or newer)",
		Install: map[string]string{
			"debian": "apt-get install openjdk-17-jre-headless",
			"fedora": "dnf install java-17-openjdk-headless",
			"macos":  "brew install openjdk@17",
		},
	},
	{
		Name: "mvn", Why: "fetch Kafka, Kafka Connect, Flink and Elasticsearch, once",
		Install: map[string]string{
			"debian": "apt-get install maven",
			"fedora": "dnf install maven",
			"macos":  "brew install maven",
		},
	},
	{
		Name: "mosquitto", Why: "be the MQTT broker", Optional: "the built-in broker (mochi) takes its place",
		Install: map[string]string{
			"debian": "apt-get install mosquitto",
			"fedora": "dnf install mosquitto",
			"macos":  "brew install mosquitto",
		},
	},
	{
		Name: "mmdebstrap", Why: "make container images where none can be pulled (lab dev images build)",
		Optional: "images have to be pulled, or the servers run as processes",
		Install: map[string]string{
			"debian": "apt-get install mmdebstrap",
			"fedora": "dnf install mmdebstrap",
			"macos":  "it is not to be had: build the images on a Debian machine, and take them over with docker save and docker load",
		},
	},
	{
		Name: "bash", Why: "start Elasticsearch",
		Install: map[string]string{
			"debian": "apt-get install bash",
			"fedora": "dnf install bash",
			"macos":  "brew install bash",
		},
	},
}

// MissingError says that a tool isn't there or isn't good enough.
type MissingError struct {
	Tool   Tool
	Reason string // what was seen
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s: %s; it is needed to %s", e.Tool.Name, e.Reason, e.Tool.Why)
}

// Hint returns how to install the tool: a line for each system.
func (e *MissingError) Hint() string {
	var lines []string
	for _, system := range []string{"debian", "fedora", "macos"} {
		lines = append(lines, fmt.Sprintf("%-7s %s", system+":", e.Tool.Install[system]))
	}
	return "install it:\n  " + strings.Join(lines, "\n  ")
}

// ByName returns the tool of that name. It panics for a name that All lacks.
func ByName(name string) Tool {
	for _, t := range All {
		if t.Name == name {
			return t
		}
	}
	panic("tool: unknown: " + name)
}

// Find returns the path of a tool, or a *MissingError. Debian keeps servers in
// /usr/sbin, which is not on every user's PATH, so that is looked at too.
func Find(name string) (string, error) {
	t := ByName(name)
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	if runtime.GOOS != "windows" {
		for _, dir := range []string{"/usr/sbin/", "/usr/local/sbin/", "/opt/homebrew/sbin/"} {
			if path, err := exec.LookPath(dir + name); err == nil {
				return path, nil
			}
		}
	}
	return "", &MissingError{t, "not found on the PATH"}
}
