package sandbox

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

const (
	oldRoot    = "/old"
	newRoot    = "/new"
	scriptPath = "/run/script"
	tmpBytes   = 32 << 20
)

// system is what the script sees of the machine. Of /etc, only what programs need:
// links to alternatives, libraries, certificates.
var system = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store",
	"/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
	"/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/ca-certificates", "/etc/pki/ca-trust/extracted", "/etc/pki/tls/certs",
	"/etc/crypto-policies", "/etc/java-11-openjdk", "/etc/java-17-openjdk", "/etc/java-21-openjdk",
}

var devices = []string{"null", "zero", "full", "random", "urandom"}

// made are the sandbox's own files. It has no name server.
var made = map[string]string{
	"/etc/passwd":        "root:x:0:0::/:/bin/false\nstudent:x:1000:1000::" + Home + ":/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
	"/etc/group":         "root:x:0:\nstudent:x:1000:\nnogroup:x:65534:\n",
	"/etc/hosts":         "127.0.0.1 localhost sandbox\n::1 localhost\n",
	"/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}

// path returns the script's path inside.
func (j job) path() string {
	if j.Script != "" {
		return scriptPath
	}
	return filepath.Join(Home, j.File)
}

// enter makes a new root, in memory, with what the script may see, and leaves the
// machine's root. Other processes' mounts aren't affected, since this process has its
// own mount namespace.
func (j job) enter() error {
	steps := []struct {
		what string
		do   func() error
	}{
		{"part from the machine's mounts", func() error { return unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, "") }},
		{"make a root", base},
		{"make /tmp", makeTmp},
		{"show the system", func() error { return showAll(system, true) }},
		{"show what the options name", func() error { return showAll(j.Show, false) }},
		{"make /dev", makeDevices},
		{"make /proc", makeProc},
		{"make files", j.makeFiles},
		{"make " + Home, j.makeHome},
		{"leave the machine's root", leave},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// base mounts a file system in memory over /tmp and makes it the root: the whole old
// root, with its own /tmp, is in a folder then.
func base() error {
	unix.Umask(0o022)
	if err := memory("/tmp", "mode=755,size=1m"); err != nil {
		return err
	}
	if err := errors.Join(os.Mkdir("/tmp"+oldRoot, 0o755), os.Mkdir("/tmp"+newRoot, 0o755)); err != nil {
		return err
	}
	if err := unix.PivotRoot("/tmp", "/tmp"+oldRoot); err != nil {
		return fmt.Errorf("change the root: %w", err)
	}
	return memory(newRoot, "mode=755,size=8m")
}

func memory(path, options string) error {
	err := unix.Mount("tmpfs", path, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, options)
	if err != nil {
		return fmt.Errorf("mount memory at %s: %w", path, err)
	}
	return nil
}

func showAll(paths []string, mayLack bool) error {
	for _, path := range paths {
		err := show(path)
		if mayLack && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// show makes a path of the machine visible. A link in the root folder, such as /bin
// often is, stays one.
func show(path string) error {
	if target, err := os.Readlink(oldRoot + path); err == nil && strings.Count(path, "/") == 1 {
		return os.Symlink(target, newRoot+path)
	}
	if err := bind(path, path); err != nil {
		return err
	}
	return restrict(newRoot+path, unix.MOUNT_ATTR_RDONLY|unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV)
}

// bind mounts a path of the old root. Links in it are relative to the old root:
// followed from here they would lead elsewhere.
func bind(path, at string) error {
	source, err := resolve(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if err := createMountPoint(newRoot+at, info.IsDir()); err != nil {
		return err
	}
	if err := unix.Mount(source, newRoot+at, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("bind %s: %w", path, err)
	}
	return nil
}

const mostLinks = 40 // the most that Linux follows

// resolve follows the links of a path of the old root.
func resolve(path string) (string, error) {
	done := "/"
	rest := strings.Split(path, "/")
	for links := 0; len(rest) > 0; {
		part := rest[0]
		rest = rest[1:]
		next := filepath.Join(done, part)
		target, err := os.Readlink(oldRoot + next)
		if err != nil {
			done = next
			continue
		}
		if links++; links > mostLinks {
			return "", fmt.Errorf("%s has too many links", path)
		}
		if filepath.IsAbs(target) {
			done = "/"
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return oldRoot + done, nil
}

// createMountPoint creates the file or folder that a mount covers.
func createMountPoint(path string, folder bool) error {
	if folder {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return os.WriteFile(path, nil, 0o644)
}

func restrict(path string, attributes uint64) error {
	err := unix.MountSetattr(unix.AT_FDCWD, path, unix.AT_RECURSIVE, &unix.MountAttr{Attr_set: attributes})
	if err != nil {
		return fmt.Errorf("restrict %s: %w", path, err)
	}
	return nil
}
