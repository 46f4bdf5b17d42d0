package handin

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/atomicfile"
)

// What an archive may hold.
const (
	zipFiles     = 50_000
	studentBytes = 64 << 20 // in all archives of one student
	classBytes   = 1 << 30
)

// scratch makes a folder that ends with the class.
func (f *finder) scratch() (string, error) {
	if f.class.unpacked == "" {
		dir, err := os.MkdirTemp("", "lab-class-")
		if err != nil {
			return "", err
		}
		f.class.unpacked = dir
	}
	return os.MkdirTemp(f.class.unpacked, "")
}

// unpack unpacks an archive into a folder of its own. It takes plain files that stay in
// that folder, and leaves out what a program has added. It takes what it unpacks off
// left, in bytes.
func (f *finder) unpack(file string, left *int64) (string, error) {
	dir, err := f.scratch()
	if err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	most, count := *left, 0
	return dir, members(file, func(m member) error {
		if count++; count > zipFiles {
			return fmt.Errorf("it has more than %d files", zipFiles)
		}
		name := path.Clean(strings.ReplaceAll(m.name, `\`, "/")) // as some programs on Windows write it
		switch {
		case !filepath.IsLocal(name):
			f.leaveOut(name, errors.New("it leads out of the archive"))
			return nil
		case m.mode.IsDir(), strings.HasSuffix(m.name, `\`), slices.ContainsFunc(strings.Split(name, "/"), lab.Junk):
			return nil
		case !m.mode.IsRegular():
			f.leaveOut(name, errors.New("it is a link or a device"))
			return nil
		}
		n, err := unpackMember(root, name, m, min(*left, studentBytes))
		switch {
		case n > *left:
			return fmt.Errorf("it unpacks to more than the %d MiB that are allowed", (most+1<<20-1)>>20)
		case n > studentBytes:
			f.leaveOut(name, fmt.Errorf("it is longer than %d MiB", studentBytes>>20))
			return root.Remove(name)
		case unfit(err):
			f.leaveOut(name, err)
			return nil
		}
		*left -= n
		return err
	})
}

// leaveOut notes a file of an archive that isn't unpacked: one student's must not keep the
// others of the class from a grade.
func (f *finder) leaveOut(name string, err error) {
	f.class.leftOut = append(f.class.leftOut, fmt.Sprintf("%s (%s)", name, reason(err)))
}

// unfit reports a name that the system can't give a file: it is too long, or goes through
// another file.
func unfit(err error) bool {
	return errors.Is(err, syscall.ENAMETOOLONG) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, fs.ErrExist)
}

func unpackMember(root *os.Root, name string, m member, most int64) (int64, error) {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, err
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) { // the first of that name counts
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	in, err := m.open()
	if err != nil {
		return 0, errors.Join(err, out.Close())
	}
	n, err := io.Copy(out, io.LimitReader(in, most+1))
	return n, errors.Join(err, in.Close(), out.Close())
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return atomicfile.Copy(to, in)
}
