package python

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"hoplab.example/fixtures"
	"hoplab.example/harness/util/tool"
)

// Interpreter is a Python that the packages run on.
type Interpreter struct {
	Path    string
	Version string // such as "3.11"
}

// question fails on a Python that can't make virtual environments: Debian has ensurepip
// in a package of its own.
const question = `import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])`

// Find returns the machine's Python for a set of packages, the default one where that
// fits. Its error is a *tool.MissingError for the lack of any, and names what was found
// otherwise.
func Find(ctx context.Context, set string) (Interpreter, error) {
	packages, err := fixtures.Python(set)
	if err != nil {
		return Interpreter{}, err
	}
	return find(ctx, packages.Versions)
}

func find(ctx context.Context, versions []string) (Interpreter, error) {
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
		if err == nil && slices.Contains(versions, version) {
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

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
