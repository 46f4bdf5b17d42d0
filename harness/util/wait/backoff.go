package wait

import (
	"cmp"
	"context"
	"time"
)

// Backoff is the pause after a failed attempt: each is twice the one before it,
// so a server that doesn't answer isn't asked more often than it can bear. The
// zero Backoff comes before the first.
type Backoff struct {
	First   time.Duration // default 50 ms
	Longest time.Duration // default 2 s

	last time.Duration
}

// Sleep waits, or returns early with ctx's cause.
func (b *Backoff) Sleep(ctx context.Context) error {
	first, longest := cmp.Or(b.First, 50*time.Millisecond), cmp.Or(b.Longest, 2*time.Second)
	b.last = min(max(2*b.last, first), longest)
	return For(ctx, b.last)
}

// Reset begins again with the first pause.
func (b *Backoff) Reset() { b.last = 0 }
