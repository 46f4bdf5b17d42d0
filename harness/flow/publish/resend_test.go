package publish

import (
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/flow/brokertest"
)

// A broker that was killed comes back without what it had acknowledged, twice.
func TestResendToABrokerThatForgets(t *testing.T) {
	const count = 3000
	for _, test := range []struct {
		name   string
		resend time.Duration
		loses  bool
	}{
		{"with a window", time.Minute, false},
		{"without", 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			first, second, third := brokertest.Mochi(t), brokertest.Mochi(t), brokertest.Mochi(t)
			heard, last := listen(t, first.Addr()), listen(t, third.Addr())
			proxy := brokertest.NewProxy(t, first.Addr())
			done := make(chan struct{})
			defer close(done)
			next := []string{second.Addr(), third.Addr()}
			also := listen(t, second.Addr())
			forget := func() {
				proxy.Redirect(next[0])
				next = next[1:]
				proxy.Cut()
			}
			go func() {
				cutAt(done, heard, forget, 700)
				cutAt(done, also, forget, 300) // in the middle of sending again
			}()
			input := few{count: count}
			stats, err := Run(t.Context(), Config{Broker: "tcp://" + proxy.Addr(), QoS: 1, Source: input, Window: 100, Resend: test.resend})
			if err != nil {
				t.Fatal(err)
			}
			if stats.Rows != count || stats.Acked != count || stats.Reconnects < 2 || (stats.Resent == 0) != test.loses {
				t.Errorf("stats = %+v", stats)
			}
			if test.loses {
				if got := len(firsts(last.all())); got == count {
					t.Error("the last broker has all rows although nothing was sent again: the test proves nothing")
				}
				return
			}
			if diff := differ(firsts(last.await(t, count)), messages(t, input)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What was acknowledged longer ago isn't kept.
func TestResendForgetsOldRows(t *testing.T) {
	s := newStore(50 * time.Millisecond)
	put := func(key, text string) { s.Put(key, publishPacket(text)) }
	put("o.1", "old")
	s.Del("o.1")
	time.Sleep(100 * time.Millisecond)
	for i, key := range []string{"o.2", "o.3", "o.4"} {
		put(key, []string{"a", "b", "c"}[i])
	}
	s.Del("o.2")
	s.Del("o.3")
	payloads, acked := s.takeBack()
	var texts []string
	for _, p := range payloads {
		texts = append(texts, string(p))
	}
	if got := strings.Join(texts, " "); got != "a b c" || acked != 2 {
		t.Errorf("taken back: %s, of which %d acknowledged", got, acked)
	}
	if s.len() != 0 || s.puts() != 1 || s.acked() != 1 {
		t.Errorf("left: %d held, %d put, %d acknowledged", s.len(), s.puts(), s.acked())
	}
}

func publishPacket(text string) packets.ControlPacket {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.Qos, p.Payload = 1, []byte(text)
	return p
}

func TestResendNeedsQoS1(t *testing.T) {
	for _, qos := range []byte{0, 2} {
		_, err := Run(t.Context(), Config{Broker: "tcp://127.0.0.1:1", QoS: qos, Source: few{count: 1}, Resend: time.Second})
		if err == nil || !strings.Contains(err.Error(), "resend is 1s with QoS") {
			t.Errorf("QoS %d: %v", qos, err)
		}
	}
}
