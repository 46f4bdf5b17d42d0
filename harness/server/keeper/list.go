package keeper

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// keepFailed is how long the logs of a failed run stay.
const keepFailed = 24 * time.Hour

// List returns clients of all keepers that run and have their folder in runs,
// and sweeps what others have left there. say, which may be nil, is called with what was
// swept.
func List(ctx context.Context, runs string, say func(what string)) ([]*Client, error) {
	if say == nil {
		say = func(string) {}
	}
	entries, err := os.ReadDir(runs)
	if err != nil {
		return nil, err
	}
	var clients []*Client
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), removedSuffix); ok && os.Remove(filepath.Join(runs, entry.Name())) == nil {
			say("the folder of the run " + name + " was removed while it was up: its servers were ended")
		}
		if !entry.IsDir() {
			continue
		}
		dir := filepath.Join(runs, entry.Name())
		if c, err := Attach(ctx, dir); err == nil {
			clients = append(clients, c)
		} else if over(dir) && sweep(ctx, dir) == nil && !worthALook(dir) { // what can't be swept now stays for a later try
			if _, err := os.Stat(filepath.Join(dir, endpointFile)); err == nil {
				say("the run " + entry.Name() + " was never taken down, since its keeper was killed or the machine restarted: what it left was removed")
			}
			os.RemoveAll(dir)
		}
	}
	return clients, nil
}

// over reports whether the run of a folder without a keeper has ended, or its keeper
// was killed. Of a folder that is just being made for a new keeper neither is true.
func over(dir string) bool {
	for _, sign := range []string{failedFile, endpointFile} {
		if _, err := os.Stat(filepath.Join(dir, sign)); err == nil {
			return true
		}
	}
	info, err := os.Stat(dir)
	return err == nil && time.Since(info.ModTime()) > startLimit
}

// worthALook reports whether the logs of a run that has failed are to stay.
func worthALook(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, failedFile))
	return err == nil && time.Since(info.ModTime()) < keepFailed
}
