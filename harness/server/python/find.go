package python

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"hoplab.example/harness/util/tool"
)

// Interpreter is a Python that the packages run on.
type Interpreter struct {
	Path    string
	Version string // such as "3.11"
}

// versions are those for which the packages are pinned; Superset 6.1.0 asks for 3.10
// or newer, and pandas 2.1.4, which it asks for, has no wheel for 3.13.
var versions = []string{"3.12", "3.11", "3.10"}

// question fails on a Python that can't make virtual environments: Debian has ensurepip
// in a package of its own.
const question = `import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])`

// Find returns the machine's Python, the default one where that fits. Its error is a
// *tool.MissingError for the lack of any, and names what was found otherwise.
func Find(ctx context.Context) (Interpreter, error) {
	var unfit []string
	names := []string{"python3"}
	for _, v := range versions {
		names = append(names, "python"+v)
	}
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		said, err := exec.CommandContext(ctx, path, "-c", question).CombinedOutput()
		version := lastLine(said)
		if err == nil && fits(version) {
			return Interpreter{path, version}, nil
		}
		unfit = append(unfit, path+": "+version)
	}
	missing := &tool.MissingError{Tool: tool.Python}
	if len(unfit) == 0 {
		return Interpreter{}, missing
	}
	return Interpreter{}, fmt.Errorf("%w; found, and not fit: %s", missing, strings.Join(unfit, ", "))
}

func fits(version string) bool {
	for _, v := range versions {
		if v == version {
			return true
		}
	}
	return false
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
