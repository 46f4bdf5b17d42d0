package bridge

import "time"

// disturb brings about one event, of the network, of the bridge or of Kafka.
func (s *schedule) disturb() {
	if s.gentle {
		s.store.disturb(s)
		return
	}
	switch s.random.IntN(8) {
	case 0:
		if s.network.cut(s.host, mqttAddr) {
			s.happened(mqttCut)
		}
	case 1:
		if s.broker.Cut("hoplab-bridge") {
			s.happened(brokerCut)
		}
	case 2:
		s.unreachable(mqttAddr, mqttDown)
	case 3:
		if s.network.silence(s.host, mqttAddr) {
			s.happened(mqttSilent)
		}
	case 4:
		s.restart()
	case 5:
		s.crash()
	default:
		s.store.disturb(s)
	}
}

// unreachable has the bridge be without addr for a while, mostly a short one.
func (s *schedule) unreachable(addr string, what event) {
	host := s.host
	host.isolate(addr, true)
	s.network.cut(host, addr)
	s.happened(what)
	time.AfterFunc(time.Duration(s.random.IntN(50)*s.random.IntN(50))*time.Millisecond, func() { host.isolate(addr, false) })
}

// restart may come in the middle of something.
func (s *schedule) restart() {
	err := s.bridge.end()
	if s.happened(restarted); err != nil {
		s.happened(flushMissed)
	}
	s.former = append(s.former, s.bridge)
	s.launch()
}

// crash has the bridge be as dead to all others as after kill -9: what it had
// written to the network may still arrive, and nothing after that.
func (s *schedule) crash() {
	s.host.isolate("", true)
	s.network.cut(s.host, "")
	s.bridge.cancel()
	s.happened(crashed)
	s.former = append(s.former, s.bridge)
	s.launch()
}

// breakLater has some links of bridges break by themselves, after so many bytes
// in one direction.
func (s *schedule) breakLater(k *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	broken := mqttMidway
	if k.addr != mqttAddr {
		broken = kafkaCut
	}
	if !k.host.frail || s.trouble == 0 || s.network.random.IntN(3) > 0 {
		return
	}
	s.trouble--
	k.streams[s.network.random.IntN(2)].limit = 1 + s.network.random.IntN(4000)
	k.onCut = func(half bool) {
		if s.happened(broken); half && broken == kafkaCut {
			s.happened(kafkaLost)
		}
	}
}
