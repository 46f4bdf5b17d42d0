// Package dirs defines the folders that hoplab writes to: the cache of downloads and the
// folder of runs. hoplab writes nothing outside of them.
package dirs

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// Cache returns the folder of downloads: HOPLAB_CACHE where set, otherwise
// hoplab in the user's cache.
func Cache() (string, error) {
	if dir := os.Getenv("HOPLAB_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder (HOPLAB_CACHE can name one): %w", err)
	}
	return filepath.Join(dir, "hoplab"), nil
}

// Runs returns the folder that holds a folder for each run: HOPLAB_RUNS where
// set, otherwise runs in the cache. It is one in the folder for temporary files where that
// can't be written, or where hoplab runs as root and not every user can reach it, since
// Elasticsearch runs as another user.
func Runs() (string, error) {
	if dir := os.Getenv("HOPLAB_RUNS"); dir != "" {
		dir, err := filepath.Abs(dir)
		if err != nil {
			return "", err
		}
		return dir, makeOwn(dir)
	}
	cache, err := Cache()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "runs")
	temporary := filepath.Join(os.TempDir(), "hoplab-"+strconv.Itoa(os.Geteuid()), "runs")
	if os.Geteuid() == 0 && !Reachable(dir) {
		dir = temporary
	}
	if makeOwn(dir) == nil { // a class may share its downloads, to be read only
		return dir, nil
	}
	return temporary, makeOwn(temporary)
}

// makeOwn makes dir and refuses one that somebody else has put there: others
// may write to the folder of temporary files too.
func makeOwn(dir string) error {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return fmt.Errorf("make the folder of runs: %w", err)
	}
	parent := filepath.Dir(dir)
	if info, err := os.Lstat(parent); err != nil || !info.IsDir() || !ownedByUs(info) {
		return fmt.Errorf("the folder %s belongs to another user; remove it, or set HOPLAB_RUNS to another folder", parent)
	}
	return nil
}

// Reachable reports whether every user may pass through all folders that lead
// to path. Folders that are still to be made count as passable.
func Reachable(path string) bool {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}
