package jdk

import (
	"cmp"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Find returns the Javas of this machine: JAVA_HOME's and the PATH's first, then
// those in the usual places, the oldest first.
func Find(ctx context.Context) []JDK {
	path, _ := exec.LookPath("java")
	return find(ctx, os.Getenv("JAVA_HOME"), path, usual(ctx, runtime.GOOS, os.Getenv("HOME")))
}

func find(ctx context.Context, home, path string, usual []string) []JDK {
	var found []JDK
	add := func(j JDK) {
		if !slices.ContainsFunc(found, func(other JDK) bool { return other.Home == j.Home }) {
			found = append(found, j)
		}
	}
	if home != "" {
		add(inspect(ctx, home, "JAVA_HOME"))
	}
	if path != "" {
		add(onPath(ctx, path))
	}
	first := len(found)
	for _, home := range usual {
		if j := inspect(ctx, home, installed); j.Err == nil { // a folder there may be anything
			add(j)
		}
	}
	slices.SortStableFunc(found[first:], func(a, b JDK) int { return cmp.Compare(a.Version, b.Version) })
	return found
}

// usual returns the folders in which a system's packages and installers put their
// Javas. Sources: the packages openjdk-17-jre-headless of Debian and
// java-17-openjdk-headless of Fedora; java_home(1) of macOS; the formula openjdk
// of Homebrew; SDKMAN's "Usage", candidates.
func usual(ctx context.Context, system, home string) []string {
	patterns := []string{"/usr/lib/jvm/*", "/home/linuxbrew/.linuxbrew/opt/openjdk*/libexec"}
	var homes []string
	if system == "darwin" {
		const bundle = "/Contents/Home"
		patterns = []string{
			"/Library/Java/JavaVirtualMachines/*" + bundle, filepath.Join(home, "Library/Java/JavaVirtualMachines/*") + bundle,
			"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk" + bundle, "/usr/local/opt/openjdk*/libexec/openjdk.jdk" + bundle,
		}
		if out, err := exec.CommandContext(ctx, "/usr/libexec/java_home").Output(); err == nil {
			homes = append(homes, strings.TrimSpace(string(out)))
		}
	}
	for _, pattern := range append(patterns, filepath.Join(home, ".sdkman/candidates/java/*")) {
		matched, _ := filepath.Glob(pattern) // a pattern of ours is well formed
		homes = append(homes, matched...)
	}
	return homes
}
