// Package program has hoplab's own program for containers: linked statically, so that it
// runs in any image.
package program

import (
	"context"
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"

	"hoplab.example/harness/util/tool"
)

// Static returns the path of hoplab's own program for Linux on arch, as Go calls it: own,
// where that is such a program, as released ones are, or one built in the cache from the
// sources of own. Where that is up to date, it takes a second.
func Static(ctx context.Context, own, cache, arch string) (string, error) {
	if isStatic(own, arch) {
		return own, nil
	}
	root, goTool, err := builder()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(root))
	path := filepath.Join(cache, "programs", "lab-linux-"+arch+"-"+hex.EncodeToString(sum[:4]))
	cmd := exec.CommandContext(ctx, goTool, "build", "-ldflags=-s -w", "-o", path, "./harness/cmd/lab")
	cmd.Dir, cmd.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch, "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build hoplab for linux/%s: %w: %.500s", arch, err, out)
	}
	return path, nil
}

// Possible reports why there can be no such program.
func Possible(own, arch string) error {
	if isStatic(own, arch) {
		return nil
	}
	_, _, err := builder()
	return err
}

// builder returns the folder of the sources, and the go command.
func builder() (root, goTool string, err error) {
	if root, err = sources(); err == nil {
		goTool, err = tool.Go.Find()
	}
	return root, goTool, err
}

// sources is the folder of the module that this program was built from.
func sources() (string, error) {
	_, file, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(file), "..", "..", "..")
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil || !filepath.IsAbs(file) {
		return "", errors.New("this program can't run in a container, and its sources aren't here to build one that can: " +
			"build it with CGO_ENABLED=0 for Linux, or run without containers: --runtime local")
	}
	return root, nil
}

// isStatic reports whether a program is one for Linux on arch that needs no library.
func isStatic(path, arch string) bool {
	machine, known := map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}[arch]
	file, err := elf.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	return known && file.Machine == machine &&
		!slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP })
}
