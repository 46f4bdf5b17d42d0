package sandbox

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// The script's folder is a file system in memory with a copy of Dir: its size limits
// deleted files that are still open too, which no watch sees. It is larger than the
// limits, so the watch ends the script before a write fails.
const (
	slackDisk   = 2
	slackFiles  = 50_000 // more than a script can make between two looks of the watch
	homeOptions = "mode=755,size=%d,nr_inodes=%d"
)

func (j job) makeHome() error {
	if err := os.Mkdir(newRoot+Home, 0o755); err != nil {
		return err
	}
	if err := memory(newRoot+Home, fmt.Sprintf(homeOptions, slackDisk*j.Limits.Disk, slackFiles+j.Limits.Files)); err != nil {
		return err
	}
	dir, err := resolve(j.Dir)
	if err != nil {
		return err
	}
	if err := os.CopyFS(newRoot+Home, os.DirFS(dir)); err != nil {
		return err
	}
	if !j.Drop {
		return nil
	}
	return filepath.WalkDir(newRoot+Home, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, scriptUID, scriptUID)
	})
}

// openDir keeps the machine's folder open, which is out of reach once the machine's
// root is left.
func (f *first) openDir() error {
	dir, err := os.Open(f.job.Dir)
	f.dir = dir
	return err
}

// bringBack copies the plain files that the script has left to the machine's folder, up
// to the limits, after ending what still runs. What else is there isn't worth an error.
func (f *first) bringBack() error {
	unix.Kill(-1, unix.SIGKILL)
	to, err := os.OpenRoot(fmt.Sprintf("/proc/self/fd/%d", f.dir.Fd()))
	if err != nil {
		return err
	}
	defer to.Close()
	left, files := f.job.Limits.Disk, 0
	return fs.WalkDir(os.DirFS(Home), ".", func(name string, entry fs.DirEntry, err error) error {
		if files++; err != nil || files > f.job.Limits.Files {
			return fs.SkipAll
		}
		switch {
		case entry.IsDir():
			if err := to.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
				return fs.SkipDir
			}
		case entry.Type().IsRegular():
			left -= bring(to, name, left)
		}
		return nil
	})
}

// bring copies a file and returns how many bytes that were.
func bring(to *os.Root, name string, most int64) int64 {
	in, err := os.Open(filepath.Join(Home, name))
	if err != nil {
		return 0
	}
	defer in.Close()
	out, err := to.Create(name)
	if err != nil {
		return 0
	}
	defer out.Close()
	n, _ := io.Copy(out, io.LimitReader(in, most))
	return n
}
