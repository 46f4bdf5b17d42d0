package watch

import (
	"context"
	"encoding/json"
	"sync"
	"time"
)

// hub runs one sampler for all viewers, while there are any.
type hub struct {
	config Config
	ctx    context.Context // ends all
	work   sync.WaitGroup
	turn   sync.Mutex // held by the running sampler: an ending one must close the source before the next begins

	mu      sync.Mutex
	viewers map[chan []byte]bool
	working bool
	left    time.Time // when the last viewer left
	latest  []byte
}

func newHub(ctx context.Context, c Config) *hub {
	return &hub{config: c, ctx: ctx, viewers: map[chan []byte]bool{}}
}

// join returns a channel of snapshots, as JSON. It holds only the latest one: a slow
// viewer misses some, and keeps nobody waiting. It is nil if there are already limit
// viewers.
func (h *hub) join(limit int) chan []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.viewers) >= limit || h.ctx.Err() != nil {
		return nil
	}
	viewer := make(chan []byte, 1)
	h.viewers[viewer] = true
	if h.working && h.latest != nil {
		viewer <- h.latest
	}
	if !h.working {
		h.working = true
		h.work.Go(h.sample)
	}
	return viewer
}

func (h *hub) leave(viewer chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.viewers, viewer)
	h.left = time.Now()
}

// sample takes snapshots until there has been no viewer for a while.
func (h *hub) sample() {
	h.turn.Lock()
	defer h.turn.Unlock()
	ctx, cancel := context.WithCancel(h.ctx)
	var checking sync.WaitGroup
	defer checking.Wait()
	defer cancel()
	defer h.config.Source.Close()
	s := newSampler(h.config)
	tick := time.NewTicker(h.config.Every)
	defer tick.Stop()
	for !h.idle() {
		h.show(s.look(ctx))
		if name, passed := s.checks.due(s, s.now()); name != "" {
			checking.Go(func() { s.checks.run(ctx, name, passed) })
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
}

// end waits for all work to end. ctx must have ended.
func (h *hub) end() {
	h.mu.Lock() // whoever joins after this sees that ctx has ended
	h.viewers = map[chan []byte]bool{}
	h.mu.Unlock()
	h.work.Wait()
}

// idle reports whether the sampler must end, and records that it does.
func (h *hub) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() == nil && (len(h.viewers) > 0 || time.Since(h.left) < h.config.Linger) {
		return false
	}
	h.working, h.latest = false, nil
	return true
}

func (h *hub) show(s Snapshot) {
	text, err := json.Marshal(s)
	if err != nil { // a snapshot has only fields that always marshal
		panic(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.latest = text
	for viewer := range h.viewers {
		select {
		case <-viewer: // it hasn't received the one before
		default:
		}
		viewer <- text
	}
}
