package broker

import (
	"slices"
	"sync"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

type message struct {
	topic   string
	payload []byte
	qos     byte
	id      uint16 // the packet id it was sent with; 0 before that
	done    bool   // acknowledged, or needs no acknowledgement
}

// session holds what one client has to get, across its connections.
type session struct {
	bounds bounds
	clean  bool // ends with its connection

	mu     sync.Mutex
	change *sync.Cond
	client *mqtt.Client // nil while the client is away
	// queue is in order of arrival: the first sent of it are with the client,
	// the rest wait. Done messages leave it at the front.
	queue  []message
	sent   int
	lastID uint16
}

func newSession(bounds bounds, clean bool) *session {
	s := &session{bounds: bounds, clean: clean}
	s.change = sync.NewCond(&s.mu)
	return s
}

// attach makes client the one to deliver to, and begins again with the first
// message that it hasn't acknowledged. It returns the client it had before. A
// nil client means that it is away.
func (s *session) attach(client *mqtt.Client) (before *mqtt.Client) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.client = s.client, client
	s.queue = slices.DeleteFunc(s.queue, func(m message) bool { return m.done })
	s.sent = 0
	s.change.Broadcast()
	return before
}

// detach reports whether client was the attached one.
func (s *session) detach(client *mqtt.Client) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != client {
		return false
	}
	s.client = nil
	s.change.Broadcast()
	return true
}

// push reports whether there was room for m. A QoS 0 message for a client that
// is away isn't kept, and isn't missed either.
func (s *session) push(m message) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.qos == 0 && s.client == nil {
		return true
	}
	if len(s.queue)-s.sent >= s.bounds.queue {
		return false
	}
	s.queue = append(s.queue, m)
	s.change.Broadcast()
	return true
}

func (s *session) ack(client *mqtt.Client, id uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != client {
		return
	}
	for i := range s.queue[:s.sent] {
		if s.queue[i].id == id {
			s.queue[i].done = true
			break
		}
	}
	s.trim()
	s.change.Broadcast()
}

func (s *session) trim() {
	for s.sent > 0 && s.queue[0].done {
		s.queue[0] = message{} // lets go of the payload
		s.queue = s.queue[1:]
		s.sent--
	}
}

func (s *session) pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// deliver sends the queue to client for as long as it is the attached one. A
// connection that fails half-way through a message can't be used any more.
func (s *session) deliver(client *mqtt.Client) {
	for {
		pk, ok := s.next(client)
		if !ok {
			return
		}
		if err := client.WritePacket(pk); err != nil {
			client.Stop(err)
			return
		}
	}
}

// next waits for a message and for room in the window.
func (s *session) next(client *mqtt.Client) (packets.Packet, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.client == client && (s.sent == len(s.queue) || s.sent >= s.bounds.window) {
		s.change.Wait()
	}
	if s.client != client {
		return packets.Packet{}, false
	}
	m := &s.queue[s.sent]
	again := m.id != 0
	s.number(m)
	pk := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: m.qos, Dup: again},
		TopicName:   m.topic,
		Payload:     m.payload,
		PacketID:    m.id,
	}
	s.sent++
	s.trim()
	return pk, true
}

// number gives m a packet id, unless it has one from an earlier connection.
// Ids are given in turn and the window is far smaller than their range, so an
// id is free again long before its next turn.
func (s *session) number(m *message) {
	if m.qos == 0 {
		m.done = true
		return
	}
	if m.id == 0 {
		s.lastID++
		if s.lastID == 0 {
			s.lastID = 1
		}
		m.id = s.lastID
	}
}
