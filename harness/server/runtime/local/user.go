package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	osuser "os/user"
	"path/filepath"
	"strconv"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/dirs"
)

// user is whom a component runs as; nil is hoplab's own user.
type user struct{ uid, gid uint32 }

// userFor returns nobody for a component that refuses to run as root, where
// hoplab runs as root.
func userFor(c component.Component) (*user, error) {
	if !c.Unprivileged || os.Geteuid() != 0 {
		return nil, nil
	}
	nobody, err := osuser.Lookup("nobody")
	if err != nil {
		return nil, fmt.Errorf("%s can't run as root, and there is no user to run it as: %w", c.Name, err)
	}
	uid, err1 := strconv.ParseUint(nobody.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(nobody.Gid, 10, 32)
	return &user{uint32(uid), uint32(gid)}, errors.Join(err1, err2)
}

func (u *user) own(path string) error {
	if u == nil {
		return nil
	}
	return os.Chown(path, int(u.uid), int(u.gid))
}

// takeOver makes a site usable by u: its folder becomes u's, and artefacts that
// lie where only root can pass are mirrored into it.
func (u *user) takeOver(site *component.Site) error {
	if u == nil {
		return nil
	}
	if !dirs.Reachable(site.Dir) {
		return fmt.Errorf("%s runs as user nobody, who can't reach %s; set HOPLAB_CACHE or TMPDIR to a folder that all users can pass", site.Name, site.Dir)
	}
	if site.JavaHome != "" && !dirs.Reachable(filepath.Join(site.JavaHome, "bin", "java")) {
		return fmt.Errorf("%s runs as user nobody, who can't reach the Java in %s; set JAVA_HOME to one that all users can run", site.Name, site.JavaHome)
	}
	if err := u.own(site.Dir); err != nil {
		return err
	}
	for i, dir := range site.Artefacts {
		if dirs.Reachable(filepath.Join(dir, "any")) {
			continue
		}
		name := filepath.Base(dir)
		mirrored := filepath.Join(filepath.Dir(site.Dir), "artefacts", name)
		if err := mirror(dir, mirrored); err != nil {
			return fmt.Errorf("mirror %s: %w", name, err)
		}
		site.Artefacts[i] = mirrored
	}
	return nil
}

// mirror makes to a copy of the tree from, by hard links where it can.
func mirror(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if err := os.Link(path, target); err == nil || errors.Is(err, fs.ErrExist) {
			return nil
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, info.Mode().Perm())
}
