package fence

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

	"hoplab.example/harness/util/printable"
)

// FolderLimits are the limits on a folder of files.
type FolderLimits struct {
	Files int   // and folders
	Depth int   // of folders
	File  int64 // bytes of one file
	Bytes int64 // of all
}

// FolderDefaults are enough for the work files of all labs.
var FolderDefaults = FolderLimits{Files: 500, Depth: 8, File: DashboardBytes, Bytes: 16 << 20}

// skipped are folders that tools create and no check reads.
var skipped = map[string]bool{".git": true, ".svn": true, "node_modules": true, "__pycache__": true}

// Folder refuses a lab's folder that is a link: it could lead to another student's
// files. A folder that doesn't exist isn't a fault of this kind.
func Folder(dir string) error {
	if info, err := os.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return &Fault{File: dir, Reason: "it is a symbolic link", Do: "hand in the folder itself"}
	}
	return nil
}

// Copy copies a submission's folder to a new one, whose parent exists. It accepts
// only plain files and folders: the error names the link or the device. On an error
// the copy is removed. Everybody can read the copied files, since the processes of
// another user may need them. Files and folders of from itself that are named in
// except are left out.
func Copy(to, from string, limits FolderLimits, except ...string) (err error) {
	if err := Folder(from); err != nil {
		return err
	}
	source, err := os.OpenRoot(from)
	if err != nil {
		return fmt.Errorf("copy the submission: %w", err)
	}
	defer source.Close()
	if err := os.Mkdir(to, 0o755); err != nil {
		return fmt.Errorf("copy the submission: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(to))
		}
	}()
	target, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	defer target.Close()
	c := &copier{from: from, source: source, target: target, limits: limits, except: except}
	return fs.WalkDir(source.FS(), ".", c.visit)
}

type copier struct {
	from           string
	source, target *os.Root
	limits         FolderLimits
	except         []string
	files          int
	bytes          int64
}

func (c *copier) fault(name, reason, do string) error {
	return &Fault{File: filepath.Join(c.from, name), Reason: reason, Do: do}
}

func (c *copier) visit(name string, entry fs.DirEntry, err error) error {
	if err != nil {
		return fmt.Errorf("copy the submission: %w", err)
	}
	if name == "." {
		return nil
	}
	if slices.Contains(c.except, name) || entry.IsDir() && skipped[path.Base(name)] {
		if entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	}
	if c.files++; c.files > c.limits.Files {
		return c.fault(name, fmt.Sprintf("the folder has more than %d files", c.limits.Files), "hand in the lab's files only")
	}
	if strings.ContainsAny(name, "\n\t\ufffd") || printable.Text(name) != name {
		return c.fault(fmt.Sprintf("%q", name), "a name has characters that can't be printed", "use the lab's name for the file")
	}
	if strings.Count(name, "/") >= c.limits.Depth {
		return c.fault(name, fmt.Sprintf("folders are nested more than %d deep", c.limits.Depth), "hand in the lab's files only")
	}
	switch {
	case entry.IsDir():
		return c.target.Mkdir(name, 0o755)
	case entry.Type()&fs.ModeSymlink != 0:
		return c.fault(name, "it is a symbolic link", "hand in the file itself")
	case !entry.Type().IsRegular():
		return c.fault(name, fmt.Sprintf("it isn't a plain file (%v)", entry.Type()), "leave it out")
	}
	return c.file(name)
}

// file copies a file, which may have been replaced since it was listed: what was
// opened counts, and opening must neither follow a link nor wait for a pipe.
func (c *copier) file(name string) error {
	in, err := c.source.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("copy the submission: %w", err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return c.fault(name, "it isn't a plain file", "leave it out")
	}
	out, err := c.target.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644|info.Mode().Perm()&0o111)
	if err != nil {
		return err
	}
	most := min(c.limits.File, c.limits.Bytes-c.bytes)
	n, err := io.Copy(out, io.LimitReader(in, most+1))
	if c.bytes += n; err == nil && n > most {
		err = c.fault(name, fmt.Sprintf("it has more than %d bytes, or the folder more than %d", c.limits.File, c.limits.Bytes), "hand in smaller files")
	}
	return errors.Join(err, out.Close())
}
