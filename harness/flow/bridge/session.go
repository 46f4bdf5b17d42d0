package bridge

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// clientID names the session of a bridge that wasn't given a name: the broker keeps
// messages and subscriptions for it, so bridges that carry other messages, or carry
// them elsewhere, must not share it.
func clientID(source, topic, cluster string) string {
	sum := sha256.Sum256([]byte(source + "\x00" + topic + "\x00" + cluster))
	readable := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, source)
	return fmt.Sprintf("hoplab-bridge-%.40s-%x", readable, sum[:4])
}

// matches reports whether a subscription to filter brings messages of topic
// (MQTT 3.1.1, section 4.7).
func matches(filter, topic string) bool {
	if filter == topic {
		return true
	}
	if shared, ok := strings.CutPrefix(filter, "$share/"); ok { // as brokers of MQTT 5 offer it to older clients too
		_, filter, _ = strings.Cut(shared, "/")
	}
	if strings.HasPrefix(topic, "$") && !strings.HasPrefix(filter, "$") {
		return false
	}
	levels, given := strings.Split(filter, "/"), strings.Split(topic, "/")
	for i, level := range levels {
		if level == "#" {
			return true
		}
		if i >= len(given) || level != "+" && level != given[i] {
			return false
		}
	}
	return len(levels) == len(given)
}

// otherTopics are other topics whose messages a session brings.
type otherTopics struct {
	mu     sync.Mutex
	topics []string
}

// mostOtherTopics bounds how many topics are remembered, and unsubscribed from over one
// connection: an older subscription may have been to all topics.
const mostOtherTopics = 100

func (s *otherTopics) add(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.topics) < mostOtherTopics && !slices.Contains(s.topics, topic) {
		s.topics = append(s.topics, topic)
	}
}

// foreign counts a message of a topic that the session was once subscribed to, and
// unsubscribes from it where the filter was the topic itself. MQTT doesn't say which
// filter it was.
func (l *line) foreign(client mqtt.Client, topic string) {
	l.bridge.stats.foreign.Add(1)
	l.bridge.otherTopics.add(topic)
	if len(l.left) < mostOtherTopics && !slices.Contains(l.left, topic) {
		l.left = append(l.left, topic)
		go client.Unsubscribe(topic) // paho's handler must not wait for it
	}
}

// OtherTopics returns other topics whose messages the session has brought, which were
// dropped.
func (b *Bridge) OtherTopics() []string {
	b.otherTopics.mu.Lock()
	defer b.otherTopics.mu.Unlock()
	return slices.Clone(b.otherTopics.topics)
}

// rival recognizes another client that has the same client id: each connection of
// the one has the broker end the other's (MQTT-3.1.4-2), for no reason that MQTT 3.1.1
// can give.
type rival struct{ ended int }

// suspicious is how many connections have to end so.
const suspicious = 2

// lost judges a connection that was lost after it had been subscribed for so long,
// and returns what to report.
func (r *rival) lost(err error, lived time.Duration, b *Bridge) error {
	hungUp := errors.Is(err, errLost) && (errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET))
	if !hungUp || lived > connectLimit {
		r.ended = 0
		return err
	}
	if r.ended++; r.ended < suspicious {
		return err
	}
	err = fmt.Errorf("%w; the broker takes the client id %q and soon ends its connection, %d times so far: another bridge probably runs under this id, so end it, or give this one another",
		err, b.cfg.ClientID, r.ended)
	b.rivalTrouble.Store(&err)
	return err
}

// errLost is within the error of a connection that was lost after its subscription.
var errLost = errors.New("lost")
