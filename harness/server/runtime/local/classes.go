package local

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/atomicfile"
	"hoplab.example/harness/util/proc"
)

// recordLimit is how long the JVMs of a stack may take to write their archives
// of classes. It happens once; the next boots take half the time.
const recordLimit = 20 * time.Second

// classArchive is an archive that a process writes when it is terminated: into its
// own folder first, because it may run as another user, and because half a file
// isn't an archive.
type classArchive struct {
	from, to  string
	dependent bool // its process needs others to end well
}

// classes gives a site the archive of its component's classes. It returns one
// that is still to be written, or nil.
func (r *Runtime) classes(c component.Component, site *component.Site) *classArchive {
	if len(c.Program.Poms) == 0 || c.OwnLauncher || r.options.NoClassData {
		return nil
	}
	kept := r.classesPath(c, site)
	if _, err := os.Stat(kept); err == nil {
		site.Classes = kept
		if local := filepath.Join(site.Dir, "classes.jsa"); link(kept, local) == nil {
			site.Classes = local // the cache may be closed to the component's user
		}
		return nil
	}
	site.Classes, site.RecordClasses = filepath.Join(site.Dir, "classes.jsa"), true
	return &classArchive{from: site.Classes, to: kept, dependent: len(c.Peers) > 0}
}

// classesPath names an archive after all that it depends on.
func (r *Runtime) classesPath(c component.Component, site *component.Site) string {
	sum := sha256.New()
	release, _ := os.ReadFile(filepath.Join(site.JavaHome, "release")) // without it the folder alone is the name
	sum.Write(release)
	sum.Write([]byte(site.JavaHome))
	for _, dir := range site.Artefacts {
		sum.Write([]byte(dir))
	}
	return filepath.Join(r.options.Cache, "classes", c.Name+"-"+hex.EncodeToString(sum.Sum(nil)[:6])+".jsa")
}

func link(from, to string) error {
	// One that is there already is of an earlier process of this run. Copying over
	// it would write into the archive that others are reading.
	if err := os.Link(from, to); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return copyFile(from, to)
}

// recordClasses has the processes that are to write an archive do so, if everything
// that was launched has booted and still runs. Those that depend on others come
// first: one that waits for a server that is gone would end late. One that doesn't
// finish in time is recorded by the next run.
func recordClasses(launched []*process) {
	for _, p := range launched {
		if !p.booted.Load() || p.Err() != nil {
			return
		}
	}
	deadline := time.Now().Add(recordLimit)
	for _, dependent := range []bool{true, false} {
		var recording []*process
		for _, p := range launched {
			if p.classes != nil && p.classes.dependent == dependent {
				_ = proc.Terminate(p.PID()) // one that has ended is waited for below
				recording = append(recording, p)
			}
		}
		for _, p := range recording {
			select {
			case <-p.done:
				p.classes.keep()
			case <-time.After(time.Until(deadline)):
			}
		}
	}
}

// keep copies what was written into the cache. An archive that can't be kept is
// recorded again by the next run.
func (a *classArchive) keep() {
	from, err := os.Open(a.from)
	if err != nil {
		return
	}
	defer from.Close()
	if os.MkdirAll(filepath.Dir(a.to), 0o755) == nil {
		_ = atomicfile.Copy(a.to, from)
	}
}
