package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
)

// answerLimit is how long a server may take to answer a probe.
const answerLimit = 10 * time.Second

// MQTT is a subscriber that keeps what it hears.
type MQTT struct {
	client mqtt.Client

	mu          sync.Mutex
	rows        []wisdm.Row
	track       *wisdm.Track // where it is set, no row is kept
	problems    problems
	unacked     int64
	lost        error
	first, last time.Time
}

// Subscribe begins to listen to a topic of the broker at addr (host:port) with
// QoS 1. What is published once it has returned is heard.
func Subscribe(ctx context.Context, addr string, login access.Login, topic, clientID string) (*MQTT, error) {
	m := &MQTT{}
	session := wire.Session{Addr: addr, Login: login, ClientID: clientID, Lost: m.hangUp}
	var err error
	if m.client, err = session.Subscribe(ctx, topic, 1, m.hear); err != nil {
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

// Count says how many rows were heard.
func (m *MQTT) Count(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.track != nil {
		return m.track.Rows(), m.lost
	}
	return int64(len(m.rows)), m.lost
}

// Unacknowledged says how many messages came with QoS 0, which is how they were
// published then: the subscription has QoS 1.
func (m *MQTT) Unacknowledged() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.unacked
}

// Check compares what was heard with the oracle: every row, in publishing
// order, each subject's.
func (m *MQTT) Check(oracle *wisdm.Oracle) hop.Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lost != nil {
		return hop.Errored(hop.MQTT, oracle.Count(), fmt.Errorf("the probe lost its connection to the MQTT broker: %w", m.lost))
	}
	result := judge(hop.MQTT, oracle, m.rows, wisdm.CompareOptions{AllowRepeats: true, Ordered: true}, m.problems.all())
	result.Span = m.last.Sub(m.first)
	return result
}

// Track has m keep no row from now on, but sum them up for CheckLedger.
func (m *MQTT) Track(ledger *wisdm.Ledger) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.track = ledger.Track()
}

// CheckLedger is Check for a subscriber that tracks. What was heard is gone, so
// that of a changed row it can tell the group only.
func (m *MQTT) CheckLedger(ctx context.Context, ledger *wisdm.Ledger) hop.Result {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lost != nil {
		return hop.Errored(hop.MQTT, ledger.Count(), fmt.Errorf("the probe lost its connection to the MQTT broker: %w", m.lost))
	}
	result := tracked(ctx, hop.MQTT, ledger, m.track, nil, m.problems.all())
	result.Span = m.last.Sub(m.first)
	return result
}

// Close ends the subscription.
func (m *MQTT) Close() { m.client.Disconnect(100) }
