package python

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"hoplab.example/harness/server/cache"
)

// Clients is the set of packages that students' scripts import.
const Clients = "clients"

// Env is what a script runs with: the interpreter, and the folder of a set's packages.
// It needs no virtual environment, whose links may lead to where a script can't look.
type Env struct {
	Python, Packages string
}

// Env installs a set, where it isn't installed, and returns what runs scripts with it.
func (s Store) Env(ctx context.Context, set string, report func(cache.Progress)) (Env, error) {
	dir, err := s.Install(ctx, set, report)
	if err != nil {
		return Env{}, err
	}
	interpreter, err := filepath.EvalSymlinks(filepath.Join(dir, "bin", "python"))
	if err != nil {
		return Env{}, err
	}
	packages, err := filepath.Glob(filepath.Join(dir, "lib", "python*", "site-packages"))
	if err != nil || len(packages) != 1 {
		return Env{}, fmt.Errorf("the virtual environment %s has %d folders of packages, want 1", dir, len(packages))
	}
	return Env{interpreter, packages[0]}, nil
}

// Variables make a script find the packages, none of the user's own, and print at once.
func (e Env) Variables() []string {
	return []string{"PYTHONPATH=" + e.Packages, "PYTHONNOUSERSITE=1", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1"}
}

// Folders are what a script must see besides /usr.
func (e Env) Folders() []string {
	if strings.HasPrefix(e.Python, "/usr/") {
		return []string{e.Packages}
	}
	return []string{e.Packages, filepath.Dir(filepath.Dir(e.Python))}
}
