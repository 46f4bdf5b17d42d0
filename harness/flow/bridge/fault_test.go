package bridge

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/flow/brokertest"
)

// Kafka stalls for longer than the keepalive. Where the queue holds the
// broker's window nothing is refused; where it doesn't, the bridge refuses and
// has the rest sent again. In both cases the connection lives on.
func TestStallKeepsConnection(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ maxInFlight, count int }{{3000, 4000}, {50, 1000}} {
		t.Run(fmt.Sprint("MaxInFlight ", test.maxInFlight), func(t *testing.T) {
			brokertest.EachBroker(t, func(t *testing.T, addr string) {
				t.Parallel()
				stall(t, addr, test.maxInFlight, test.count)
			})
		})
	}
}

func stall(t *testing.T, addr string, maxInFlight, count int) {
	proxy := brokertest.NewProxy(t, addr)
	open := make(chan struct{})
	sink := &fake{writing: blocked(open)}
	b := run(t, Config{Broker: "tcp://" + proxy.Addr(), KeepAlive: 2 * time.Second, MaxInFlight: maxInFlight}, sink).awaitReady(t)
	publish(t, addr, rows(1, count)...)
	time.Sleep(5 * time.Second) // two and a half keepalives; with shorter ones a busy machine breaks the connection
	if made := proxy.Made(); made != 1 {
		t.Errorf("%d connections were made, want 1", made)
	}
	s := b.Stats()
	if refuses := maxInFlight < 2000; (s.Refused > 0) != refuses || s.Peak > int64(maxInFlight) || s.Acked > 0 {
		t.Errorf("stats = %+v", s)
	}
	close(open)
	sink.await(t, count)
	if err := b.end(); err != nil {
		t.Error(err)
	}
	if !slices.Equal(firsts(sink.values()), rows(1, count)) {
		t.Error("messages are missing or out of order")
	}
	if s := b.Stats(); s.Received != s.Acked || s.Received != s.Forwarded || s.Peak > int64(maxInFlight) {
		t.Errorf("stats = %+v", s)
	}
}

func TestConnectsAgain(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		proxy := brokertest.NewProxy(t, addr)
		sink := &fake{}
		b := run(t, Config{Broker: "tcp://" + proxy.Addr()}, sink).awaitReady(t)
		proxy.Down(true)
		publish(t, addr, rows(1, 2500)...) // more than the window, while it is away
		proxy.Down(false)
		sink.await(t, 2500)
		if !slices.Equal(firsts(sink.values()), rows(1, 2500)) {
			t.Error("messages are missing or out of order")
		}
		if s := b.Stats(); s.Reconnects == 0 {
			t.Errorf("stats = %+v", s)
		}
	})
}

// answering is a broker that grants a subscription as asked, or says nothing at
// all.
func answering(t *testing.T, granted byte, silent bool) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn, granted, silent)
		}
	}()
	return l.Addr().String()
}

func answer(conn net.Conn, granted byte, silent bool) {
	defer conn.Close()
	for {
		p, err := packets.ReadPacket(conn)
		if err != nil {
			return
		}
		if silent {
			continue
		}
		switch p := p.(type) {
		case *packets.ConnectPacket:
			packets.NewControlPacket(packets.Connack).Write(conn)
		case *packets.SubscribePacket:
			ack := packets.NewControlPacket(packets.Suback).(*packets.SubackPacket)
			ack.MessageID, ack.ReturnCodes = p.MessageID, []byte{granted}
			ack.Write(conn)
		}
	}
}

func TestRefusedSubscription(t *testing.T) {
	for _, granted := range []byte{0x80, 0} {
		addr := answering(t, granted, false)
		b := run(t, Config{Broker: "tcp://" + addr}, &fake{})
		select {
		case err := <-b.ended:
			b.ended <- err
			for _, want := range []string{addr, `"smart"`, fmt.Sprintf("%#x instead of QoS 1", granted), "access"} {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error = %v, want %q", err, want)
				}
			}
		case <-time.After(20 * time.Second):
			t.Fatal("still tries")
		}
	}
}

func TestEndsPromptly(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	noKafka := &fake{prepared: func() error { return errors.New("dial k:9092: refused") }}
	tests := []struct {
		name, broker string
		sink         *fake
		want         string
	}{
		{"no broker", l.Addr().String(), &fake{}, "refused"},
		{"silent broker", answering(t, 1, true), &fake{}, "connect to the MQTT broker"},
		{"no Kafka", brokertest.Mochi(t).Addr(), noKafka, "ended before Kafka was ready: dial k:9092: refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := run(t, Config{Broker: "tcp://" + test.broker}, test.sink)
			time.Sleep(200 * time.Millisecond) // it is at it
			began := time.Now()
			if err := b.end(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want %q", err, test.want)
			}
			if took := time.Since(began); took > hangUpLimit+2*time.Second {
				t.Errorf("took %v", took)
			}
			select {
			case <-b.Ready():
				t.Error("it says that it was ready")
			default:
			}
		})
	}
}

func TestKafkaNotForTheBridge(t *testing.T) {
	denied := permanentError{errors.New("not authorized")}
	b := run(t, Config{Broker: "tcp://127.0.0.1:1"}, &fake{prepared: func() error { return denied }})
	select {
	case err := <-b.ended:
		b.ended <- err
		if !errors.Is(err, denied) {
			t.Errorf("error = %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("still tries")
	}
}
