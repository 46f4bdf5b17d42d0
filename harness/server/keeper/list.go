package keeper

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// keepFailed is how long the logs of a failed run stay.
const keepFailed = 24 * time.Hour

// List returns clients of all keepers that run and have their folder in runs,
// and sweeps what others have left there.
func List(ctx context.Context, runs string) ([]*Client, error) {
	entries, err := os.ReadDir(runs)
	if err != nil {
		return nil, err
	}
	var clients []*Client
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		dir := filepath.Join(runs, entry.Name())
		if c, err := Attach(ctx, dir); err == nil {
			clients = append(clients, c)
		} else if stale(dir) && sweep(ctx, dir) == nil { // what can't be swept now stays for a later try
			os.RemoveAll(dir)
		}
	}
	return clients, nil
}

// stale reports whether nobody needs a folder without a keeper: its run has
// been over for a while, or its keeper was killed. A folder that is just being
// made for a new keeper is neither.
func stale(dir string) bool {
	if info, err := os.Stat(filepath.Join(dir, failedFile)); err == nil {
		return time.Since(info.ModTime()) > keepFailed
	}
	if _, err := os.Stat(filepath.Join(dir, endpointFile)); err == nil {
		return true
	}
	info, err := os.Stat(dir)
	return err == nil && time.Since(info.ModTime()) > startLimit
}
