package tool

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// MinJava is the oldest Java that Kafka 4 runs on.
const MinJava = 17

var (
	javaHomeLine    = regexp.MustCompile(`(?m)^\s*java\.home = (.+?)\s*$`)
	javaVersionLine = regexp.MustCompile(`(?m)^\s*java\.specification\.version = ([0-9.]+)\s*$`)
)

// JavaHome returns the folder of a Java that is new enough: JAVA_HOME where
// that is set, which is respected even if another one would do, or else the
// one on the PATH. Its error is a *MissingError.
func JavaHome(ctx context.Context) (string, error) {
	java, origin := "", "the PATH's java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java, origin = filepath.Join(home, "bin", "java"), "JAVA_HOME ("+home+")"
	} else {
		found, err := Find("java")
		if err != nil {
			return "", err
		}
		java = found
	}
	return askJava(ctx, java, origin)
}

func askJava(ctx context.Context, java, origin string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, java, "-XshowSettings:properties", "-version").CombinedOutput()
	if err != nil {
		return "", &MissingError{ByName("java"), fmt.Sprintf("%s does not run: %v", origin, err)}
	}
	home, version := javaHomeLine.FindSubmatch(out), javaVersionLine.FindSubmatch(out)
	if home == nil || version == nil {
		return "", &MissingError{ByName("java"), origin + " does not tell its home and version"}
	}
	major, _ := strconv.Atoi(string(version[1])) // "1.8" is none, and too old
	if major < MinJava {
		return "", &MissingError{ByName("java"), fmt.Sprintf("%s is version %s, older than %d", origin, version[1], MinJava)}
	}
	return string(home[1]), nil
}
