// Package cache has what the installers of servers share: how they say how far a
// download is, and that only one of them downloads at a time.
package cache

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Progress is how far an installation is, in bytes. Total is an estimate: it
// counts what has to be fetched where nothing is there yet. Waiting says that
// another process downloads at the moment.
type Progress struct {
	Done, Total int64
	Waiting     bool
}

// lockPoll is how often a waiting process asks for its turn.
const lockPoll = 200 * time.Millisecond

// Lock makes the folder dir and locks it for downloads, over all processes. It waits
// for one that downloads there.
func Lock(ctx context.Context, dir string, report func(Progress)) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the cache's folder: %w", err)
	}
	lock := flock.New(filepath.Join(dir, "download.lock"))
	if ok, err := lock.TryLock(); err != nil || ok {
		return func() { lock.Unlock() }, err
	}
	report(Progress{Waiting: true})
	if _, err := lock.TryLockContext(ctx, lockPoll); err != nil {
		return nil, fmt.Errorf("wait for another download to end: %w", err)
	}
	return func() { lock.Unlock() }, nil
}
