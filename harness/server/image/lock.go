package image

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/client"

	"hoplab.example/harness/util/atomicfile"
)

// Lock has the digest of each image, by its name and tag.
type Lock map[string]string

// ReadLock reads a file of lines such as eclipse-mosquitto:2.0.22@sha256:…, which are
// references to what has that sum. One that isn't there locks nothing.
func ReadLock(path string) (Lock, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Lock{}, nil
	}
	lock := Lock{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, digest, found := strings.Cut(line, "@")
		if !found || !strings.HasPrefix(digest, "sha256:") {
			return nil, fmt.Errorf("%s:%d: want NAME:TAG@sha256:…, not %q", path, i+1, line)
		}
		lock[name] = digest
	}
	return lock, err
}

// Write writes the file.
func (l Lock) Write(path string) error {
	text := "# The images of 'lab images pull', which pulls exactly these where it is given this file.\n"
	for _, name := range slices.Sorted(maps.Keys(l)) {
		text += name + "@" + l[name] + "\n"
	}
	return atomicfile.Write(path, []byte(text))
}

// Check reports that the engine has another image of this name than the lock. What a
// registry never had, such as a lookalike, has no digest, and is another.
func (l Lock) Check(ctx context.Context, engine *Engine, name string) error {
	if want := l[name]; want != "" && !slices.Contains(engine.digests(ctx, name), want) {
		return fmt.Errorf("the engine's %s isn't the one that is locked, %s: remove it ('docker image rm %[1]s'), and pull again", name, want)
	}
	return nil
}

// Note adds the digest of an image that the engine has from a registry.
func (l Lock) Note(ctx context.Context, engine *Engine, name string) {
	if found := engine.digests(ctx, name); l[name] == "" && len(found) > 0 {
		l[name] = found[0]
	}
}

func (e *Engine) digests(ctx context.Context, name string) (found []string) {
	image, err := e.ImageInspect(ctx, name)
	if err != nil {
		return nil
	}
	for _, reference := range image.RepoDigests {
		if _, digest, is := strings.Cut(reference, "@"); is {
			found = append(found, digest)
		}
	}
	return found
}

// PullLocked is Pull of the image that the lock has under this name, if it has one.
func (e *Engine) PullLocked(ctx context.Context, lock Lock, name string, report func(Pulled)) error {
	if lock[name] == "" {
		return e.Pull(ctx, name, report)
	}
	exact := name[:strings.LastIndexByte(name, ':')] + "@" + lock[name]
	if err := e.Pull(ctx, exact, report); err != nil {
		return err
	}
	_, err := e.ImageTag(ctx, client.ImageTagOptions{Source: exact, Target: name})
	return err
}
