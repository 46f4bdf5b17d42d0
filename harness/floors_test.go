package harness

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "hoplab.example"

// floors says which groups the packages of a group may import besides their own:
// what is listed under a group knows nothing of that group. Tests are free.
var floors = map[string][]string{
	"util":       {},
	"rows":       {"util"},
	"server":     {"util"},
	"client":     {"util", "rows", "server"},
	"verify":     {"util", "rows", "server", "client"},
	"flow":       {"util", "rows", "server", "client", "verify"},
	"view":       {"util", "rows", "server", "client", "verify", "flow"},
	"exercise":   {"util", "rows", "server", "client", "verify", "flow"},
	"experiment": {"util", "rows", "server", "client", "verify", "flow", "exercise"},
	"run":        {"util", "rows", "server", "client", "verify", "flow", "exercise", "experiment"},
	"testenv":    {"util", "server", "client", "flow", "run"},
	"scenario":   {"util", "rows", "server", "client", "verify", "flow", "run", "testenv"},
	"cli":        {"util", "rows", "server", "client", "verify", "flow", "view", "exercise", "experiment", "run"},
	"cmd":        {"cli"},
}

// TestFloors: an import that leads up is a sign that something is in the wrong group.
func TestFloors(t *testing.T) {
	seen := map[string]bool{}
	for folder, files := range goFiles(t) {
		group, ok := groupOf(filepath.ToSlash(folder))
		if !ok {
			continue
		}
		seen[group] = true
		allowed, known := floors[group]
		if !known {
			t.Errorf("%s: floors doesn't know the group %s", folder, group)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, spec := range parse(t, path).Imports {
				imported, _ := strconv.Unquote(spec.Path.Value)
				other, ok := groupOf(strings.TrimPrefix(imported, module+"/"))
				if ok && strings.HasPrefix(imported, module+"/") && other != group && !slices.Contains(allowed, other) {
					t.Errorf("%s imports %s: the group %s may not import %s", path, imported, group, other)
				}
			}
		}
	}
	for group := range floors {
		if !seen[group] {
			t.Errorf("floors lists the group %s, which has no package", group)
		}
	}
}

// groupOf returns the group that a folder below the repository's top is in.
func groupOf(folder string) (string, bool) {
	parts := strings.Split(strings.TrimPrefix(folder, root+"/"), "/")
	if len(parts) < 2 || parts[0] != "harness" {
		return "", false
	}
	return parts[1], true
}
