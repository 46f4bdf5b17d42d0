package fence

import (
	"io/fs"
	"os"
)

// Folder refuses a lab's folder that is a link: it could lead to another student's
// files. A folder that doesn't exist isn't a fault of this kind.
func Folder(dir string) error {
	if info, err := os.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return &Fault{File: dir, Reason: "it is a symbolic link", Do: "hand in the folder itself"}
	}
	return nil
}
