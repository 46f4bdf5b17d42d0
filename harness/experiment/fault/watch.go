package fault

import (
	"context"
	"sync"
	"time"

	"hoplab.example/harness/verify/hop"
)

const (
	// lagAllowed is how much later than the hop before it a hop may have its rows
	// and still be well: the sink writes once a second, and a busy machine later.
	lagAllowed = 2 * time.Second
	// well is how long all hops must have been so.
	well = 3 * time.Second
	look = 200 * time.Millisecond
)

// watch looks at the hops from the fault on, and notes when each was last behind
// the one before it. So a hop isn't blamed for another: while Elasticsearch is
// away, Kafka isn't.
type watch struct {
	f *flow

	mu     sync.Mutex
	behind map[string]time.Time // last, by hop
	over   time.Time            // the fault's end
	// since and until are the first and the last look of those at the end of which
	// every hop was well.
	since, until time.Time
}

func newWatch(f *flow) *watch { return &watch{f: f, behind: map[string]time.Time{}} }

// run looks until ctx ends.
func (w *watch) run(ctx context.Context) {
	acked, stored := progress{of: w.f.published.Load}, progress{of: w.f.kafka.different}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		at, lag := time.Now(), int64(w.f.Rate*lagAllowed.Seconds())
		// What Kafka lacks may be lost for good; that it takes what comes doesn't say
		// that it has all.
		behind := []string{}
		if acked.stands() {
			behind = append(behind, hop.MQTT)
		}
		if stored.stands() || !w.f.lossy && w.f.published.Load()-w.f.kafka.different() > lag {
			behind = append(behind, hop.Kafka)
		}
		if written, err := w.f.inElastic(ctx); err != nil || w.f.kafka.different()-written > lag {
			behind = append(behind, hop.Elasticsearch)
		}
		w.note(at, behind)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *watch) note(at time.Time, behind []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range behind {
		w.behind[name] = time.Now()
	}
	switch {
	case len(behind) > 0:
		w.since = time.Time{}
	case w.since.IsZero():
		w.since = at
	}
	w.until = at
}

// ended notes the fault's end.
func (w *watch) ended() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = time.Now()
}

// wait returns once all hops have been well for a while, counted from now, or
// after Options.Patience: a hop that has lost rows never catches up, which the
// comparison then shows.
func (w *watch) wait(ctx context.Context) error {
	from := time.Now()
	return w.f.await(ctx, "every hop has caught up", func() bool {
		if time.Since(from) > w.f.Patience {
			return true
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		since := w.since
		if from.After(since) {
			since = from
		}
		return !w.since.IsZero() && w.until.Sub(since) >= well
	})
}

// recovered is how long after the fault's end a hop was last behind.
func (w *watch) recovered(name string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(0, w.behind[name].Sub(w.over))
}

// progress reports whether a count still grows.
type progress struct {
	of    func() int64
	last  int64
	moved time.Time
}

// stands reports that the count hasn't grown for a second.
func (p *progress) stands() bool {
	if n := p.of(); n > p.last || p.moved.IsZero() {
		p.last, p.moved = n, time.Now()
	}
	return time.Since(p.moved) > time.Second
}
