package watch

import (
	"context"
	"sync"
	"time"

	"hoplab.example/harness/verify/hop"
)

// restBefore is how long a hop must be at rest before it is checked: a check reads
// everything that the hop holds.
const restBefore = 3 * time.Second

// checks compares hops with the oracle beside the sampler, one at a time.
type checks struct {
	list map[string]Check

	mu      sync.Mutex
	busy    bool
	results map[string]*hop.Result
	at      map[string]int64 // rows that had passed when the hop was checked
}

func newChecks(list map[string]Check) *checks {
	return &checks{list: list, results: map[string]*hop.Result{}, at: map[string]int64{}}
}

func (c *checks) of(name string) *hop.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.results[name]
}

// due returns a hop whose rows have stopped changing since its last check, and marks
// its check as running.
func (c *checks) due(s *sampler, at time.Time) (name string, passed int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy {
		return "", 0
	}
	for _, name := range watched {
		m, r := s.meters[name], s.seen[name]
		if c.list[name] == nil || r.Err != nil || r.Rows == 0 || at.Sub(m.moved) < restBefore {
			continue
		}
		if made, ok := c.at[name]; !ok || made != r.Passed {
			c.busy = true
			return name, r.Passed
		}
	}
	return "", 0
}

// run runs a check that is due.
func (c *checks) run(ctx context.Context, name string, passed int64) {
	result := c.list[name](ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = false
	if ctx.Err() == nil {
		c.results[name], c.at[name] = &result, passed
	}
}
