// Package wait spaces out attempts at a server that doesn't answer, so that
// it isn't asked more often than it can bear.
package wait

import (
	"context"
	"time"
)

const (
	shortest = 50 * time.Millisecond
	longest  = 2 * time.Second
)

// Wait is the pause after a failed attempt: each is twice the one before it,
// from 50 ms to 2 s. The zero Wait comes before the first.
type Wait struct{ last time.Duration }

// Sleep waits, or returns early with ctx's error.
func (w *Wait) Sleep(ctx context.Context) error {
	w.last = min(max(2*w.last, shortest), longest)
	timer := time.NewTimer(w.last)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
