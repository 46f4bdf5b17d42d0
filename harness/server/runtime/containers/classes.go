package containers

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/atomicfile"
)

const (
	// classesFile is where a container has the archive that the cache holds.
	classesFile = "/hoplab-classes.jsa"
	// recordSeconds is how long a JVM may take to write its archive of classes.
	recordSeconds = 20
)

// classes says where an instance's archive of classes is to be recorded: from is
// in the container, to in the cache.
type classes struct {
	from, to  string
	dependent bool // its process needs others to end well
}

// shareClasses gives a site the archive of its component's classes, as the local
// runtime does, by a mount. It returns the mount, or what is to be recorded; both
// are empty where the engine is elsewhere and can't see our files.
func (r *Runtime) shareClasses(c component.Component, found component.Image, site *component.Site) (bind string, record *classes) {
	if len(c.Program.Poms) == 0 || c.OwnLauncher || !strings.HasPrefix(r.engine.DaemonHost(), "unix://") {
		return "", nil
	}
	sum := sha256.Sum256(fmt.Append(nil, found.Name, c.Program.Poms))
	kept := filepath.Join(r.options.Cache, "classes", "container-"+c.Name+"-"+hex.EncodeToString(sum[:6])+".jsa")
	if _, err := os.Stat(kept); err == nil {
		site.Classes = classesFile
		return kept + ":" + classesFile + ":ro", nil
	}
	site.Classes, site.RecordClasses = path.Join(site.Dir, "classes.jsa"), true
	return "", &classes{from: site.Classes, to: kept, dependent: len(c.Peers) > 0}
}

// recordClasses has the containers that are to write an archive do so, if all of
// the run's have booted and still run. Those that depend on others come first.
func (r *Runtime) recordClasses(ctx context.Context) {
	for _, i := range r.launched {
		if !i.booted.Load() || i.Err() != nil {
			return
		}
	}
	for _, dependent := range []bool{true, false} {
		var group sync.WaitGroup
		for _, i := range r.launched {
			if i.classes != nil && i.classes.dependent == dependent {
				group.Go(func() { i.recordClasses(ctx) })
			}
		}
		group.Wait()
	}
}

// recordClasses stops the container and brings its archive into the cache. One
// that can't is tried again by the next run.
func (i *instance) recordClasses(ctx context.Context) {
	limit := recordSeconds
	if _, err := i.engine.ContainerStop(ctx, i.id, client.ContainerStopOptions{Timeout: &limit}); err != nil {
		return
	}
	copied, err := i.engine.CopyFromContainer(ctx, i.id, client.CopyFromContainerOptions{SourcePath: i.classes.from})
	if err != nil {
		return
	}
	defer copied.Content.Close()
	_ = keep(copied.Content, i.classes.to)
}

// keep copies the one file of a tar into the cache.
func keep(content io.Reader, to string) error {
	archive := tar.NewReader(content)
	header, err := archive.Next()
	if err != nil {
		return err
	}
	if header.Typeflag != tar.TypeReg || header.Size == 0 {
		return fmt.Errorf("%s isn't a file with content", header.Name)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return atomicfile.Copy(to, archive)
}
