// Package maven installs the JVM components: it has mvn resolve what a
// pinned pom.xml names, once, into a folder of the user's cache.
//
// An artefact gets its final name when it is complete, with a manifest of its files.
// Only one download runs at a time, over all processes, because Maven's own repository
// isn't made for more.
package maven

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/util/tool"
)

// Store is a cache of installed artefacts.
type Store struct {
	// Dir is the cache's folder. It is made where absent.
	Dir string
}

// Progress is how far an installation is. An empty Maven repository would have to
// fetch its Total.
type Progress = cache.Progress

// InstallPom installs what the file name of fixtures/poms names.
func (s Store) InstallPom(ctx context.Context, name string, report func(Progress)) (string, error) {
	pom, err := fixtures.Pom(name)
	if err != nil {
		return "", err
	}
	return s.install(ctx, name, pom, fixtures.PomSum(name), report)
}

// Missing returns which of these files of fixtures/poms aren't installed, and about how
// many bytes installing them downloads.
func (s Store) Missing(names ...string) (missing []string, bytes int64, err error) {
	for _, name := range names {
		pom, err := fixtures.Pom(name)
		if err != nil {
			return nil, 0, err
		}
		if _, err := os.Stat(s.folder(name, pom)); err != nil {
			missing, bytes = append(missing, name), bytes+total(pom)
		}
	}
	return missing, bytes, nil
}

// folder returns the folder of what pom names, which is complete if it exists.
func (s Store) folder(name string, pom []byte) string {
	sum := sha256.Sum256(pom)
	return filepath.Join(s.Dir, name+"-"+hex.EncodeToString(sum[:6]))
}

// Install returns the folder that holds what pom names: its jars, or the
// unpacked content of the zip where it names one. The folder is called name and
// is alone in its parent, as Kafka Connect requires of plug-ins. Install
// downloads what is missing or damaged, and calls report meanwhile.
func (s Store) Install(ctx context.Context, name string, pom []byte, report func(Progress)) (string, error) {
	return s.install(ctx, name, pom, "", report)
}

func (s Store) install(ctx context.Context, name string, pom []byte, want string, report func(Progress)) (string, error) {
	dir := s.folder(name, pom)
	inner := filepath.Join(dir, name)
	if checkManifest(dir) == nil {
		return inner, nil
	}
	unlock, err := cache.Lock(ctx, s.Dir, report)
	if err != nil {
		return "", err
	}
	defer unlock()
	if checkManifest(dir) == nil { // the process that was waited for has installed it
		return inner, nil
	}
	if err := s.fill(ctx, dir, name, pom, want, report); err != nil {
		return "", fmt.Errorf("install %s: %w", name, err)
	}
	return inner, nil
}

// fill makes dir anew. What an interrupted attempt left is removed first: the
// lock is held, so nobody works on it.
func (s Store) fill(ctx context.Context, dir, name string, pom []byte, want string, report func(Progress)) error {
	partial := dir + ".partial"
	for _, stale := range []string{partial, dir} {
		if err := os.RemoveAll(stale); err != nil {
			return err
		}
	}
	inner := filepath.Join(partial, name)
	if err := os.MkdirAll(inner, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(partial)
	if err := obtain(ctx, inner, name, pom, report); err != nil {
		return err
	}
	if err := unpackZip(inner); err != nil {
		return err
	}
	if err := checkSum(partial, want); err != nil {
		return err
	}
	if err := writeManifest(partial); err != nil {
		return err
	}
	return os.Rename(partial, dir)
}

// obtain has mvn resolve the pom, which knows all of the user's settings. Where there is
// no mvn or no Java for it, jars that are listed are fetched without it.
func obtain(ctx context.Context, dir, name string, pom []byte, report func(Progress)) error {
	if jars := fixtures.Jars(name); len(jars) > 0 && !canRunMaven() {
		return fetch(ctx, dir, jars, total(pom), report)
	}
	return resolve(ctx, dir, pom, total(pom), report)
}

func canRunMaven() bool {
	_, mvn := tool.Maven.Find()
	_, java := tool.Java.Find()
	return mvn == nil && (java == nil || os.Getenv("JAVA_HOME") != "")
}

var sizeProperty = regexp.MustCompile(`<hoplab\.download\.mib>(\d+)<`)

// total returns the download's size in bytes from the pom's property, or 0.
func total(pom []byte) int64 {
	found := sizeProperty.FindSubmatch(pom)
	if found == nil {
		return 0
	}
	mib, _ := strconv.ParseInt(string(found[1]), 10, 64) // digits only: it parses
	return mib << 20
}
