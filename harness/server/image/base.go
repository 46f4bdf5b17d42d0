package image

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hoplab.example/harness/util/tool"
)

// What the base image is made of: Debian's packages, by mmdebstrap. The man
// folder is there because the JRE's installation fails without it.
const (
	baseSuite = "bookworm"
	baseHook  = `mkdir -p "$1/usr/share/man/man1"`
	javaHook  = `chroot "$1" sh -c 'ln -s "$(dirname "$(dirname "$(readlink -f /usr/bin/java)")")" ` + builtJava + `'`
)

var basePackages = []string{"openjdk-17-jre-headless", "mosquitto", "mosquitto-clients"}

// makeBase writes the base image's file system to a tar file in dir.
func makeBase(ctx context.Context, dir string) (string, error) {
	mmdebstrap, err := tool.Mmdebstrap.Find()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "base.tar")
	cmd := exec.CommandContext(ctx, mmdebstrap, "--quiet", "--variant=minbase", "--include="+strings.Join(basePackages, ","),
		"--essential-hook="+baseHook, "--customize-hook="+javaHook, baseSuite, path)
	cmd.Env = append(os.Environ(), "TMPDIR="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
		return "", fmt.Errorf("make the base image of Debian's packages: mmdebstrap: %w: %s", err, lastLine(string(out)))
	}
	return path, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
