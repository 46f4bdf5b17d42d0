package keeper

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"syscall"
	"time"
)

const ownerPoll = 250 * time.Millisecond

// watchOwner calls stop when the keeper's owner has ended. A poll rather than
// a pipe: the owner may be a process that knows nothing of keepers, such as
// `go test`.
func watchOwner(ctx context.Context, b *book, stop func()) {
	tick := time.NewTicker(ownerPoll)
	defer tick.Stop()
	for {
		if owner := b.state().Owner; owner != 0 && !Alive(owner) {
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

// Alive reports whether a process runs. One that has ended but whose parent
// hasn't asked for its exit code doesn't.
func Alive(pid int) bool {
	if syscall.Kill(pid, 0) == syscall.ESRCH {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		// Either there is no /proc here, and the signal's word is all there is, or
		// the process has gone since.
		return syscall.Kill(pid, 0) != syscall.ESRCH
	}
	// After the name, which is in parentheses and may hold anything, comes the
	// state (proc(5)).
	after := stat[bytes.LastIndexByte(stat, ')')+1:]
	return !bytes.HasPrefix(after, []byte(" Z")) && !bytes.HasPrefix(after, []byte(" X"))
}
