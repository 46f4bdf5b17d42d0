package broker

import (
	"sync"
	"sync/atomic"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

const hurryLimit = 100 * time.Millisecond

// post is the hook by which every message that a client publishes goes through
// its subscribers' sessions instead of mochi's own queues.
type post struct {
	mqtt.HookBase
	topics  *mqtt.TopicsIndex
	bounds  bounds
	dropped atomic.Int64

	mu       sync.Mutex
	sessions map[string]*session // by client id
}

func newPost(topics *mqtt.TopicsIndex, bounds bounds) *post {
	return &post{topics: topics, bounds: bounds, sessions: map[string]*session{}}
}

func (p *post) ID() string { return "post" }

func (p *post) Provides(event byte) bool {
	switch event {
	case mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSubscribe, mqtt.OnPublish, mqtt.OnPacketProcessed,
		mqtt.OnSessionEstablish, mqtt.OnSessionEstablished, mqtt.OnDisconnect, mqtt.OnWill:
		return true
	}
	return false
}

func (p *post) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

func (p *post) OnACLCheck(*mqtt.Client, string, bool) bool { return true }

// OnSubscribe grants QoS 1 at most: exactly once isn't offered to subscribers.
func (p *post) OnSubscribe(_ *mqtt.Client, pk packets.Packet) packets.Packet {
	for i := range pk.Filters {
		pk.Filters[i].Qos = min(pk.Filters[i].Qos, 1)
	}
	return pk
}

// OnSessionEstablish makes the session before mochi takes an older connection
// of the same client over, so that nothing falls between the two. As in mochi,
// what a connection with a clean session had isn't left to its successor.
func (p *post) OnSessionEstablish(client *mqtt.Client, connect packets.Packet) {
	client.State.Keepalive = even(client.State.Keepalive)
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.sessions[client.ID]; s != nil {
		if old := s.attach(nil); old != nil {
			hurry(old)
		}
		if !connect.Connect.Clean && !s.clean {
			return
		}
	}
	p.sessions[client.ID] = newSession(p.bounds, client.Properties.Clean && client.Properties.ProtocolVersion < 5)
}

// even rounds a keepalive up. Mochi waits one and a half times as long, as it
// should, but rounds the half down (refreshDeadline): for 1 s to nothing, which no
// client meets.
func even(seconds uint16) uint16 { return seconds + seconds%2 }

// OnSessionEstablished passes over a client that has been taken over since:
// its successor may already be attached.
func (p *post) OnSessionEstablished(client *mqtt.Client, _ packets.Packet) {
	if s := p.session(client.ID); s != nil && !client.Closed() {
		s.attach(client)
		go s.deliver(client)
	}
}

// hurry lets a write fail that a client which reads nothing holds up. Mochi
// would otherwise wait for it before it ends the connection.
func hurry(client *mqtt.Client) {
	if client.Net.Conn != nil {
		_ = client.Net.Conn.SetWriteDeadline(time.Now().Add(hurryLimit)) // fails where it is closed
	}
}

func (p *post) OnDisconnect(client *mqtt.Client, _ error, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.sessions[client.ID]
	if s != nil && s.detach(client) && ended {
		delete(p.sessions, client.ID)
	}
}

// OnWill lowers a will to QoS 0, since mochi delivers it in its own way: packet
// ids of two makers would get mixed up.
func (p *post) OnWill(_ *mqtt.Client, will mqtt.Will) (mqtt.Will, error) {
	will.Qos = 0
	return will, nil
}

// OnPublish hands the message to each subscriber's session and then reports
// mochi to do no more than acknowledge it.
func (p *post) OnPublish(client *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	for id, sub := range p.topics.Subscribers(pk.TopicName).Subscriptions {
		if sub.NoLocal && id == client.ID {
			continue
		}
		m := message{topic: pk.TopicName, payload: pk.Payload, qos: min(pk.FixedHeader.Qos, sub.Qos)}
		if s := p.session(id); s != nil && !s.push(m) {
			p.dropped.Add(1)
		}
	}
	return pk, packets.CodeSuccessIgnore
}

func (p *post) OnPacketProcessed(client *mqtt.Client, pk packets.Packet, _ error) {
	if pk.FixedHeader.Type != packets.Puback {
		return
	}
	if s := p.session(client.ID); s != nil {
		s.ack(client, pk.PacketID)
	}
}

func (p *post) session(id string) *session {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sessions[id]
}

func (p *post) pending(id string) int {
	if s := p.session(id); s != nil {
		return s.pending()
	}
	return 0
}

func (p *post) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sessions {
		s.attach(nil)
	}
}
