package probe

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/verify/hop"
)

// MQTT is a subscriber that keeps the rows that it receives.
type MQTT struct {
	client mqtt.Client

	mu          sync.Mutex
	rows        []wisdm.Row
	track       *wisdm.Track // if set, no row is kept
	problems    problems
	unacked     int64
	lost        error
	first, last time.Time
}

// Subscribe begins to listen to a topic of the broker at addr (host:port) with
// QoS 1. What is published once it has returned is received.
func Subscribe(ctx context.Context, addr string, login access.Login, topic, clientID string) (*MQTT, error) {
	m := &MQTT{}
	var err error
	if m.client, err = (wire.Session{Addr: addr, Login: login, ClientID: clientID, Lost: m.hangUp}).Subscribe(ctx, topic, 1, m.hear); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *MQTT) hangUp(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lost = err
}

func (m *MQTT) hear(msg mqtt.Message) {
	row, err := wisdm.ParseMessage(msg.Payload())
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = time.Now()
	if msg.Qos() == 0 {
		m.unacked++
	}
	if m.first.IsZero() {
		m.first = m.last
	}
	if err != nil {
		m.problems.add("%v", err)
		return
	}
	if m.track != nil {
		m.track.Add(row)
		return
	}
	m.rows = append(m.rows, row)
}

// Count returns how many rows were received.
func (m *MQTT) Count(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.track != nil {
		return m.track.Rows(), m.lost
	}
	return int64(len(m.rows)), m.lost
}

// Unacknowledged returns how many messages came with QoS 0, which is how they were
// published then: the subscription has QoS 1.
func (m *MQTT) Unacknowledged() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.unacked
}

// Track makes m sum up the rows from now on instead of keeping them: Check can then
// name the groups that differ, but not the rows.
func (m *MQTT) Track(want wisdm.Expected) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.track = want.Sums().Track()
}

// Check compares what was received with what is expected: every row, each subject's
// in publishing order.
func (m *MQTT) Check(ctx context.Context, want wisdm.Expected) hop.Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	ledger, track, again := want.Sums(), m.track, reread(nil)
	if m.lost != nil {
		return hop.Errored(hop.MQTT, ledger.Count(), fmt.Errorf("the probe lost its connection to the MQTT broker: %w", m.lost))
	}
	if track == nil {
		track, again = ledger.Track(), rereadMemory(m.rows)
		for _, row := range m.rows {
			track.Add(row)
		}
	}
	result := tracked(ctx, hop.MQTT, ledger, track, again, m.problems.all())
	result.Span = m.last.Sub(m.first)
	return result
}

// rereadMemory rereads rows that are in memory.
func rereadMemory(rows []wisdm.Row) reread {
	return func(_ context.Context, groups map[wisdm.Group]bool) ([]wisdm.Row, error) {
		if groups == nil {
			return rows, nil
		}
		return slices.DeleteFunc(slices.Clone(rows), func(r wisdm.Row) bool { return !groups[r.Group()] }), nil
	}
}

// Close ends the subscription.
func (m *MQTT) Close() { m.client.Disconnect(disconnectMillis) }
