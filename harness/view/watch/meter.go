package watch

import "time"

const (
	rateSpan   = 3 * time.Second // a rate is the mean over this time
	maxHistory = 60
)

// meter follows how many rows arrive at a hop.
type meter struct {
	begun   bool
	passed  int64 // as last read
	grown   int64 // since the first reading
	moved   time.Time
	behind  time.Time // since when it has been behind the hop before it, or zero
	points  []point   // of the last rateSpan, and one before it
	history []float64
}

type point struct {
	at    time.Time
	grown int64
}

// note takes a reading. before is how much the hop before this one has grown. A hop
// that is first read later than that one, or whose count has restarted, is assumed
// to be level with it, because its true position is unknown.
func (m *meter) note(at time.Time, passed, before int64) {
	switch {
	case !m.begun || passed < m.passed:
		m.begun, m.points = true, nil
		m.grown = max(m.grown, before)
	case passed > m.passed:
		m.grown += passed - m.passed
		m.moved = at
	}
	m.passed = passed
	m.points = append(m.points, point{at, m.grown})
	for len(m.points) > 2 && at.Sub(m.points[1].at) >= rateSpan {
		m.points = m.points[1:]
	}
	m.follow(at, before)
}

// follow records how long the hop has stood still behind the one before it.
func (m *meter) follow(at time.Time, before int64) {
	switch {
	case m.grown >= before:
		m.behind = time.Time{}
	case m.behind.IsZero() || m.moved.Equal(at):
		m.behind = at
	}
}

// rate is in rows per second.
func (m *meter) rate() float64 {
	if len(m.points) < 2 {
		return 0
	}
	first, last := m.points[0], m.points[len(m.points)-1]
	span := last.at.Sub(first.at).Seconds()
	if span <= 0 {
		return 0
	}
	return float64(last.grown-first.grown) / span
}

func (m *meter) remember() {
	m.history = append(m.history, m.rate())
	m.history = m.history[max(0, len(m.history)-maxHistory):]
}

// silent records a failed reading: the rate is unknown, and shown as 0.
func (m *meter) silent() { m.points = nil }
