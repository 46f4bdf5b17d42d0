package publish

import (
	"sync"
	"sync/atomic"
	"time"
)

const reportEvery = 200 * time.Millisecond

// meter counts what one goroutine publishes while another reports it.
type meter struct {
	began             time.Time
	link              *link
	rows, bytes, laps atomic.Int64
}

func newMeter(l *link) *meter { return &meter{began: time.Now(), link: l} }

func (m *meter) sent(size int, lap int64) {
	m.rows.Add(1)
	m.bytes.Add(int64(size))
	m.laps.Store(lap + 1)
}

func (m *meter) stats() Stats {
	s := Stats{
		Rows: m.rows.Load(), Bytes: m.bytes.Load(), Laps: m.laps.Load(),
		Reconnects: m.link.reconnects.Load(), Resent: m.link.resent.Load(), Elapsed: time.Since(m.began),
	}
	s.Acked = s.Rows
	if m.link.cfg.QoS > 0 {
		s.Acked = min(s.Rows, m.link.store.acked()) // a row may be acknowledged before it is counted
	}
	return s
}

// report reports progress until the returned function is called, which reports it
// a last time.
func (m *meter) report(progress func(Stats)) (stop func()) {
	if progress == nil {
		return func() {}
	}
	quit := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(reportEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				progress(m.stats())
			case <-quit:
				progress(m.stats())
				return
			}
		}
	})
	return func() { close(quit); done.Wait() }
}
