package publish

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/flow/brokertest"
)

// However often the connection is lost: no row is, and none overtakes another.
func TestCutLosesNothing(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		for qos := byte(1); qos <= 2; qos++ {
			t.Run(fmt.Sprint("QoS ", qos), func(t *testing.T) {
				e := listen(t, addr)
				proxy := brokertest.NewProxy(t, addr)
				input := few{count: 6000}
				done := make(chan struct{})
				go cutAt(done, e, proxy.Cut, 500, 2000, 3500, 5000)
				stats, err := Run(t.Context(), Config{Broker: "tcp://" + proxy.Addr(), QoS: qos, Source: input, Window: 200})
				close(done)
				if err != nil {
					t.Fatal(err)
				}
				if diff := differ(firsts(e.await(t, 6000)), messages(t, input)); diff != "" {
					t.Error(diff)
				}
				if stats.Rows != 6000 || stats.Acked != 6000 || stats.Reconnects == 0 {
					t.Errorf("stats = %+v", stats)
				}
			})
		}
	})
}

// cutAt cuts whenever so many messages were heard.
func cutAt(done chan struct{}, e *ear, cut func(), counts ...int) {
	for _, n := range counts {
		for len(e.all()) < n {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
		cut()
	}
}

// The broker itself ends the connection while the window is full.
func TestCutByBroker(t *testing.T) {
	b := brokertest.Mochi(t)
	e := listen(t, b.Addr())
	input := few{count: 3000}
	done := make(chan struct{})
	go cutAt(done, e, func() { b.Cut("hoplab-publisher") }, 100, 200, 300, 400, 500)
	stats, err := Run(t.Context(), Config{Broker: "tcp://" + b.Addr(), QoS: 1, Source: input, Window: 1})
	close(done)
	if err != nil || stats.Acked != 3000 {
		t.Fatalf("Run: %+v, %v", stats, err)
	}
	if diff := differ(firsts(e.await(t, 3000)), messages(t, input)); diff != "" {
		t.Error(diff)
	}
}

// A process that died with QoS 2 exchanges half done leaves packet ids with the
// broker, under which it would take another's messages for repeats.
func TestForgetsEarlierProcess(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		e := listen(t, addr)
		input := few{count: 50}
		die(t, addr, messages(t, few{count: 20}))
		if _, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: 2, Source: input}); err != nil {
			t.Fatal(err)
		}
		want := messages(t, input)
		got := e.await(t, 50)
		for limit := time.Now().Add(5 * time.Second); time.Now().Before(limit); got = e.all() {
			if len(got) >= 50 && differ(got[len(got)-50:], want) == "" {
				return
			}
			time.Sleep(2 * time.Millisecond)
		}
		t.Errorf("heard %d messages, the last 50 of which are not the rows: %s", len(got), differ(got[len(got)-50:], want))
	})
}

// die publishes with QoS 2 as the publisher would, and drops dead.
func die(t *testing.T, addr string, texts []string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	hello := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	hello.ProtocolName, hello.ProtocolVersion, hello.ClientIdentifier = "MQTT", 4, "hoplab-publisher"
	send(t, conn, hello)
	for n, text := range texts {
		p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
		p.Qos, p.MessageID, p.TopicName, p.Payload = 2, uint16(n+1), "smart", []byte(text)
		send(t, conn, p)
	}
	for range 1 + len(texts) { // CONNACK, and a PUBREC each
		if _, err := packets.ReadPacket(conn); err != nil {
			t.Fatal(err)
		}
	}
}

func send(t *testing.T, conn net.Conn, p packets.ControlPacket) {
	t.Helper()
	if err := p.Write(conn); err != nil {
		t.Fatal(err)
	}
}

func TestNoBroker(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	began := time.Now()
	stats, err := Run(t.Context(), Config{Broker: "tcp://" + l.Addr().String(), QoS: 1, Source: few{count: 5}, RetryLimit: 500 * time.Millisecond})
	for _, want := range []string{l.Addr().String(), "in 500ms", "refused", "is it running?"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
	if took := time.Since(began); took < 500*time.Millisecond || took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	if stats.Rows != 0 || stats.Acked != 0 {
		t.Errorf("stats = %+v", stats)
	}
}

func TestBrokerGoesAway(t *testing.T) {
	b := brokertest.Mochi(t)
	e := listen(t, b.Addr())
	proxy := brokertest.NewProxy(t, b.Addr())
	done := make(chan struct{})
	defer close(done)
	go cutAt(done, e, func() { proxy.Down(true) }, 100)
	began := time.Now()
	stats, err := Run(t.Context(), Config{
		Broker: "tcp://" + proxy.Addr(), QoS: 1, Source: few{count: 10}, Loop: true, RetryLimit: time.Second, Window: 10,
	})
	if err == nil || !strings.Contains(err.Error(), "no connection to the MQTT broker at tcp://"+proxy.Addr()+" in 1s") {
		t.Errorf("error = %v", err)
	}
	if took := time.Since(began); took > 5*time.Second { // a blocked publish may take stallLimit
		t.Errorf("took %v", took)
	}
	if heard := int64(len(e.all())); stats.Acked > heard || stats.Rows < heard || stats.Rows-stats.Acked > 10 {
		t.Errorf("%d heard, stats = %+v", heard, stats)
	}
}

// A row is either counted and published or neither, also one that waits for room
// in the window.
func TestCancel(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	for qos := range byte(3) {
		for _, window := range []int{1, 1000} {
			t.Run(fmt.Sprintf("QoS %d, window %d", qos, window), func(t *testing.T) { cancelled(t, addr, qos, window) })
		}
	}
}

func cancelled(t *testing.T, addr string, qos byte, window int) {
	enough := errors.New("enough")
	e := listen(t, addr)
	ctx, cancel := context.WithCancelCause(t.Context())
	go cutAt(nil, e, func() { cancel(enough) }, 1000)
	stats, err := Run(ctx, Config{Broker: "tcp://" + addr, QoS: qos, Source: few{count: 10}, Loop: true, Window: window})
	if !errors.Is(err, enough) {
		t.Errorf("error = %v, want %v", err, enough)
	}
	if got := len(e.await(t, int(stats.Rows))); stats.Rows < 1000 || stats.Acked != stats.Rows || int64(got) != stats.Rows {
		t.Errorf("%d heard, stats = %+v", got, stats)
	}
}
