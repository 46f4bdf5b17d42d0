// Package jdk finds the Javas that a machine has, and chooses one of a version
// that a server runs on.
package jdk

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// JDK is an installed Java, with or without its development tools.
type JDK struct {
	Home    string // the folder that holds bin/java
	Version int    // such as 17; 1 for those before Java 9
	From    string // where it was found: "JAVA_HOME", "PATH" or "installed"
	Err     error  // why it can't be used, such as a JAVA_HOME that is empty
}

func (j JDK) String() string {
	from := ""
	if j.From != installed {
		from = " (" + j.From + ")"
	}
	if j.Err != nil {
		return fmt.Sprintf("%s%s: %v", j.Home, from, j.Err)
	}
	return fmt.Sprintf("Java %d in %s%s", j.Version, j.Home, from)
}

const installed = "installed"

// askLimit is for a Java to print its version.
const askLimit = 30 * time.Second

var (
	releaseLine = regexp.MustCompile(`(?m)^JAVA_VERSION="(\d+)`)
	homeLine    = regexp.MustCompile(`(?m)^\s*java\.home = (.+?)\s*$`)
	versionLine = regexp.MustCompile(`(?m)^\s*java\.specification\.version = (\d+)`)
)

// inspect looks at the Java in a folder.
func inspect(ctx context.Context, home, from string) JDK {
	java := filepath.Join(home, "bin", "java")
	if _, err := exec.LookPath(java); err != nil {
		return JDK{Home: home, From: from, Err: err}
	}
	if real, err := filepath.EvalSymlinks(home); err == nil {
		home = real
	}
	// The file that comes with each Java since version 9 saves a start of a JVM.
	if release, err := os.ReadFile(filepath.Join(home, "release")); err == nil {
		if found := releaseLine.FindSubmatch(release); found != nil {
			return JDK{Home: home, From: from, Version: number(found[1])}
		}
	}
	return ask(ctx, java, home, from)
}

// onPath looks at the java on the PATH, which may be a link into a Java's folder
// or a script.
func onPath(ctx context.Context, java string) JDK {
	if real, err := filepath.EvalSymlinks(java); err == nil {
		home := filepath.Dir(filepath.Dir(real))
		if _, err := os.Stat(filepath.Join(home, "release")); err == nil {
			return inspect(ctx, home, "PATH")
		}
	}
	return ask(ctx, java, java, "PATH")
}

// ask has a java print its home and version.
func ask(ctx context.Context, java, known, from string) JDK {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	out, err := exec.CommandContext(ctx, java, "-XshowSettings:properties", "-version").CombinedOutput()
	if err != nil {
		return JDK{Home: known, From: from, Err: fmt.Errorf("%s does not run: %w", java, err)}
	}
	home, version := homeLine.FindSubmatch(out), versionLine.FindSubmatch(out)
	if home == nil || version == nil {
		return JDK{Home: known, From: from, Err: fmt.Errorf("%s does not print its home and version", java)}
	}
	return JDK{Home: string(home[1]), From: from, Version: number(version[1])}
}

func number(digits []byte) int {
	n, _ := strconv.Atoi(string(digits)) // digits only; 0 of too many fits no range
	return n
}

// list joins what was found for an error.
func list(found []JDK) string {
	var all []string
	for _, j := range found {
		all = append(all, j.String())
	}
	return strings.Join(all, "; ")
}
