package bridge

import (
	"context"
	"fmt"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// line is one connection, as its handler sees it.
type line struct {
	bridge   *Bridge
	ctx      context.Context // ends with the connection
	cancel   context.CancelFunc
	lost     chan error
	overflow chan struct{} // closed when the line begins to refuse

	mu       sync.Mutex // held while a message is received
	refusing bool
	left     []string // other topics that were unsubscribed from
	patience patience
}

func newLine(ctx context.Context, b *Bridge) *line {
	ctx, cancel := context.WithCancel(ctx)
	return &line{
		bridge: b, ctx: ctx, cancel: cancel,
		lost: make(chan error, 1), overflow: make(chan struct{}),
		patience: patience{each: b.cfg.KeepAlive / 6, period: b.cfg.KeepAlive},
	}
}

// await waits for paho's answer for as long as the connection may yet bring it.
func (l *line) await(token mqtt.Token) error {
	timer := time.NewTimer(connectLimit)
	defer timer.Stop()
	select {
	case <-token.Done():
		return token.Error()
	case err := <-l.lost:
		return err
	case <-timer.C:
		return fmt.Errorf("no answer in %v", connectLimit)
	case <-l.ctx.Done():
		return context.Cause(l.ctx)
	}
}

// receive is paho's handler. Paho calls it for one message after the other.
func (l *line) receive(client mqtt.Client, m mqtt.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	stats := &l.bridge.stats
	if l.bridge.cfg.Observe != nil {
		m = timed{m, time.Now()}
	}
	if l.refusing || !l.put(m) {
		l.refuse()
		stats.refused.Add(1)
		return
	}
	stats.received.Add(1)
	if !matches(l.bridge.cfg.Source, m.Topic()) {
		l.foreign(client, m.Topic()) // it was queued to be acknowledged in its turn
	}
	if m.Duplicate() {
		stats.redelivered.Add(1)
	}
}

func (l *line) put(m mqtt.Message) bool {
	queue := l.bridge.queue
	if queue.tryPut(m) {
		return true
	}
	began := time.Now()
	ok := queue.put(l.ctx, m, l.patience.remaining(began))
	l.patience.spend(time.Since(began))
	return ok
}

// refuse takes nothing more from this connection: what comes after a gap would
// overtake it.
func (l *line) refuse() {
	if l.refusing {
		return
	}
	l.refusing = true
	if l.ctx.Err() == nil && !l.bridge.queue.ended() {
		close(l.overflow)
	}
}

// end makes sure that nothing more is taken. Paho may still be busy with
// messages of the connection when the next one brings them again; a message
// taken from both at once would overtake those before it.
func (l *line) end() {
	l.cancel()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refusing = true
}

// patience is how long a full queue may hold up the reading of a connection:
// so much in each period. With a sixth of the keepalive in each keepalive, at
// least half of the time that paho waits for the answer to a ping is left for
// reading it.
type patience struct {
	each, period time.Duration
	since        time.Time
	spent        time.Duration
}

func (p *patience) remaining(now time.Time) time.Duration {
	if now.Sub(p.since) > p.period {
		p.since, p.spent = now, 0
	}
	return max(0, p.each-p.spent)
}

func (p *patience) spend(d time.Duration) { p.spent += d }
