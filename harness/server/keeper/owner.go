package keeper

import (
	"context"
	"time"

	"hoplab.example/harness/util/proc"
)

const ownerPoll = 250 * time.Millisecond

// watchOwner calls stop when the keeper's owner has ended. A poll rather than
// a pipe: the owner may be a process that knows nothing of keepers, such as
// `go test`.
func watchOwner(ctx context.Context, b *book, stop func()) {
	tick := time.NewTicker(ownerPoll)
	defer tick.Stop()
	for {
		if owner := b.state().Owner; owner != 0 && !proc.Alive(owner) {
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
