package sandbox

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

func makeDevices() error {
	for _, name := range devices {
		if err := bind("/dev/"+name, "/dev/"+name); err != nil {
			return err
		}
	}
	for name, target := range map[string]string{"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"} {
		if err := os.Symlink(target, newRoot+"/dev/"+name); err != nil {
			return err
		}
	}
	return nil
}

// makeProc fails in a container whose own /proc is partly covered: Linux doesn't let
// a namespace see more of it than its parent does.
func makeProc() error {
	if err := os.Mkdir(newRoot+"/proc", 0o555); err != nil {
		return err
	}
	return unix.Mount("proc", newRoot+"/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
}

func (j job) makeFiles() error {
	for path, text := range made {
		if err := writeFile(path, text); err != nil {
			return err
		}
	}
	if j.Script != "" {
		if err := writeFile(scriptPath, j.Script); err != nil {
			return err
		}
	}
	return nil
}

func makeTmp() error {
	if err := os.Mkdir(newRoot+"/tmp", 0o755); err != nil {
		return err
	}
	return memory(newRoot+"/tmp", fmt.Sprintf("mode=1777,size=%d,nr_inodes=4096", tmpBytes))
}

func writeFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(newRoot+path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(newRoot+path, []byte(text), 0o644)
}

// leave makes the new root the root and detaches the machine's. Whatever isn't mounted
// into the new root can't be reached any more.
func leave() error {
	if err := os.Chdir(newRoot); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("change the root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount the machine's root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return unix.MountSetattr(unix.AT_FDCWD, "/", 0, &unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY})
}
