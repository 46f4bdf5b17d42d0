//go:build unix

package cli

import "syscall"

// freeMiB returns what a user may still write to the file system of dir.
func freeMiB(dir string) (int64, error) {
	var stat syscall.Statfs_t
	err := syscall.Statfs(dir, &stat)
	return int64(stat.Bavail) * int64(stat.Bsize) >> 20, err
}
