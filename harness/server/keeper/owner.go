package keeper

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"time"

	"hoplab.example/harness/util/proc"
)

const ownerPoll = 250 * time.Millisecond

// watchOwner calls stop when the keeper's owner has ended, or somebody has removed its
// folder: nobody would find the run any more. A poll rather than a pipe: the owner may be
// a process that knows nothing of keepers, such as `go test`.
func watchOwner(ctx context.Context, b *book, stop func()) {
	tick := time.NewTicker(ownerPoll)
	defer tick.Stop()
	for {
		if owner := b.state().Owner; owner != 0 && !proc.Alive(owner) || !ours(b.dir) {
			stop()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// ours reports whether the folder is still that of this process's run.
func ours(dir string) bool {
	var at endpoint
	text, err := os.ReadFile(filepath.Join(dir, endpointFile))
	return !os.IsNotExist(err) && (err != nil || json.Unmarshal(text, &at) != nil || at.PID == os.Getpid())
}
