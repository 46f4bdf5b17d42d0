package publish

import (
	"slices"
	"sync"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// maxWindow keeps packet ids, of which there are 65,535, from running out.
const maxWindow = 32_000

// store holds the publishes that the broker hasn't acknowledged, in the order
// in which they were made. It outlives connections, and paho sends what it
// holds first on a new one. It is also the only true count of what is
// outstanding: after a reconnection paho calls older tokens complete (claimID of 1.5.1).
type store struct {
	changed chan struct{} // has one element after a Del
	keep    time.Duration // how long to remember what was acknowledged

	mu     sync.Mutex
	recent []ackedPublish // acknowledged within keep before the last of them
	made   int64          // publishes ever put
	order  map[string]int64
	held   map[string]packets.ControlPacket
}

// ackedPublish is a publish that the broker has acknowledged.
type ackedPublish struct {
	payload []byte
	at      time.Time
}

func newStore(keep time.Duration) *store {
	return &store{
		keep:    keep,
		changed: make(chan struct{}, 1),
		order:   map[string]int64{},
		held:    map[string]packets.ControlPacket{},
	}
}

func (s *store) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held)
}

func (s *store) puts() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made
}

// acked returns how many of the publishes ever put are no longer held.
func (s *store) acked() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made - int64(len(s.held))
}

// Put keeps a packet. A second one under a key takes the first one's place.
func (s *store) Put(key string, packet packets.ControlPacket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.held[key]; !again {
		s.made++
		s.order[key] = s.made
	}
	s.held[key] = packet
}

func (s *store) Get(key string) packets.ControlPacket {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held[key]
}

// All returns the keys, oldest first.
func (s *store) All() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := make([]string, 0, len(s.held))
	for key := range s.held {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return int(s.order[a] - s.order[b]) })
	return keys
}

func (s *store) Del(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remember(key)
	delete(s.held, key)
	delete(s.order, key)
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *store) remember(key string) {
	packet, ok := s.held[key].(*packets.PublishPacket)
	if !ok || s.keep == 0 {
		return
	}
	now := time.Now()
	old := 0
	for old < len(s.recent) && now.Sub(s.recent[old].at) > s.keep {
		s.recent[old].payload = nil // the array behind the slice lives on for a while
		old++
	}
	s.recent = append(s.recent[old:], ackedPublish{packet.Payload, now})
}

// takeBack empties the store, as if nothing that it still knew had been published.
// It returns those payloads, oldest first, and how many of them the broker had
// acknowledged: those are the first ones.
func (s *store) takeBack() (payloads [][]byte, acked int) {
	keys := s.All()
	s.mu.Lock()
	defer s.mu.Unlock()
	acked = len(s.recent)
	for _, r := range s.recent {
		payloads = append(payloads, r.payload)
	}
	for _, key := range keys {
		if packet, ok := s.held[key].(*packets.PublishPacket); ok {
			payloads = append(payloads, packet.Payload)
		}
	}
	s.made -= int64(len(payloads))
	s.recent = nil
	clear(s.order)
	clear(s.held)
	return payloads, acked
}

// Open, Close and Reset are paho's; what is held stays held.
func (s *store) Open()  {}
func (s *store) Close() {}
func (s *store) Reset() {}
