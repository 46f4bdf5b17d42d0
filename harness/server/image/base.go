package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/util/tool"
)

// repository is the name that our own images begin with.
const repository = "hoplab"

// base is an image that lookalikes begin with, of Debian's packages by mmdebstrap.
type base struct{ suite, java string }

// base: Debian 12 has Java 17 alone, Debian 13 has 21.
func (k lookalike) base() base {
	if k.java == 21 {
		return base{"trixie", "openjdk-21-jre-headless"}
	}
	return base{"bookworm", "openjdk-17-jre-headless"}
}

// The man folder is there because the JRE's installation fails without it. Java is where
// the public images have it.
const (
	baseHook = `mkdir -p "$1/usr/share/man/man1"`
	javaHook = `chroot "$1" sh -c 'mkdir /opt/java && ln -s "$(dirname "$(dirname "$(readlink -f /usr/bin/java)")")" /opt/java/openjdk'`
)

func (b base) packages() string { return b.java + ",mosquitto,mosquitto-clients,busybox-static" }

// Name is the image's.
func (b base) Name() string {
	sum := sha256.Sum256([]byte(b.packages() + b.suite + baseHook + javaHook))
	return repository + "/base:" + hex.EncodeToString(sum[:6])
}

// collect is a script that gathers in /out what an image with BusyBox's tools has: them,
// a program, and the libraries that it needs.
func collect(k lookalike) string {
	programs := `programs="$(ls /usr/sbin/mosquitto /usr/bin/mosquitto_*)"; cp --parents -L $programs /out`
	switch {
	case k.standIn:
		programs = `programs=` // it is linked statically
	case k.layout.JavaHome != "":
		programs = `cp -rL /opt/java /out/opt/ 2>/dev/null; programs="$(find /out/opt/java -name '*.so' -o -name java -type f)"`
	}
	return strings.Join([]string{
		`mkdir -p /out/bin /out/sbin /out/usr/bin /out/usr/sbin /out/tmp /out/etc /out/opt /out/root /out/var`,
		`chmod 1777 /out/tmp && cp /bin/busybox /out/bin/ && head -n 1 /etc/passwd >/out/etc/passwd && head -n 1 /etc/group >/out/etc/group`,
		programs,
		`for f in $programs; do ldd $f 2>/dev/null; done | grep -o '/[^ ]*' | grep -v ^/out | sort -u | while read -r lib; do cp --parents -L "$lib" /out; done`,
	}, "; ")
}

// make writes the base image's file system to a tar file in dir.
func (b base) make(ctx context.Context, dir string) (string, error) {
	mmdebstrap, err := tool.Mmdebstrap.Find()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "base.tar")
	cmd := exec.CommandContext(ctx, mmdebstrap, "--quiet", "--variant=minbase", "--include="+b.packages(),
		"--essential-hook="+baseHook, "--customize-hook="+javaHook, b.suite, path)
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

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// quoted is a list as a Dockerfile has it.
func quoted(list []string) string {
	if list == nil {
		list = []string{}
	}
	text, _ := json.Marshal(list) // strings
	return string(text)
}
