package publish

import (
	"fmt"
	"slices"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

func TestStore(t *testing.T) {
	s := newStore(0)
	for _, key := range []string{"o.9", "o.1", "o.5"} {
		s.Put(key, packets.NewControlPacket(packets.Publish))
	}
	release := packets.NewControlPacket(packets.Pubrel)
	s.Put("o.9", release) // of the same exchange, so in the same place
	if got := s.All(); !slices.Equal(got, []string{"o.9", "o.1", "o.5"}) {
		t.Errorf("All = %v, want the order of the first Puts", got)
	}
	if s.Get("o.9") != release || s.Get("o.2") != nil {
		t.Error("Get returns another packet")
	}
	s.Del("o.1")
	s.Del("o.1")
	s.Del("o.77")
	s.Reset()
	s.Close()
	if got := fmt.Sprint(s.len(), s.puts(), s.acked()); got != "2 3 1" {
		t.Errorf("held, put, acknowledged = %s, want 2 3 1", got)
	}
	select {
	case <-s.changed:
	default:
		t.Error("a Del isn't reported")
	}
	s.Put("o.1", release)
	if got := s.All(); !slices.Equal(got, []string{"o.9", "o.5", "o.1"}) {
		t.Errorf("All = %v; a key that is used again is new", got)
	}
}
