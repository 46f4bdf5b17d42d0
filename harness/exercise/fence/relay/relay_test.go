package relay

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/flow/brokertest"
)

const own = "smart_a"

func started(t *testing.T, broker string) *Relay {
	t.Helper()
	r, err := Start(t.Context(), Broker{Addr: broker}, own, Limits{Messages: 5000, Bytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// connected returns a client of an address, and the error of connecting it.
func connected(t *testing.T, addr, id string, change func(*mqtt.ClientOptions)) (mqtt.Client, error) {
	t.Helper()
	o := mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID(id).SetProtocolVersion(4).
		SetAutoReconnect(false).SetConnectRetry(false).SetConnectTimeout(5 * time.Second)
	if change != nil {
		change(o)
	}
	c := mqtt.NewClient(o)
	token := c.Connect()
	if !token.WaitTimeout(10 * time.Second) {
		t.Fatal("no answer to CONNECT")
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c, token.Error()
}

// TestAFloodIsStopped: neither many messages nor long ones get to the broker without end,
// over however many connections they come.
func TestAFloodIsStopped(t *testing.T) {
	for name, size := range map[string]int{"many": 1, "long": 100_000} {
		t.Run(name, func(t *testing.T) {
			r := started(t, brokertest.Mochi(t).Addr())
			for i := 0; i < 4 && r.Refused() == nil; i++ {
				c, err := connected(t, r.Addr(), "mine", nil)
				if err != nil {
					break
				}
				for range 2000 {
					if !c.IsConnectionOpen() {
						break
					}
					c.Publish(own, 0, false, make([]byte, size)).WaitTimeout(time.Second)
				}
			}
			for until := time.Now().Add(10 * time.Second); r.Refused() == nil && time.Now().Before(until); {
				time.Sleep(10 * time.Millisecond)
			}
			if err := r.Refused(); err == nil || !strings.Contains(err.Error(), "more messages than there are rows") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOwnTopicPasses(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	r := started(t, addr)
	c, err := connected(t, r.Addr(), "mine", nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 2000)
	if token := c.Subscribe(own, 1, func(_ mqtt.Client, m mqtt.Message) { got <- string(m.Payload()) }); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	long := strings.Repeat("x", 100_000)
	for i := range 1000 {
		text := "row"
		if i == 500 {
			text = long
		}
		if token := c.Publish(own, 1, false, text); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
			t.Fatal(token.Error())
		}
	}
	for i := range 1000 {
		select {
		case text := <-got:
			if text != "row" && text != long {
				t.Fatalf("message %d is %.20q", i, text)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%d of 1000 messages came", i)
		}
	}
	if err := r.Refused(); err != nil {
		t.Error(err)
	}
}

// TestOthersTopicsAreRefused: none of the packets about them reaches the broker.
func TestOthersTopicsAreRefused(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	watcher, err := connected(t, addr, "watcher", nil)
	if err != nil {
		t.Fatal(err)
	}
	stolen := make(chan string, 10)
	if token := watcher.Subscribe("#", 1, func(_ mqtt.Client, m mqtt.Message) { stolen <- m.Topic() }); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	for want, do := range map[string]func(mqtt.Client) mqtt.Token{
		`published to "smart_b"`:           func(c mqtt.Client) mqtt.Token { return c.Publish("smart_b", 1, false, "x") },
		`published to "smart_a/x"`:         func(c mqtt.Client) mqtt.Token { return c.Publish("smart_a/x", 0, true, "x") },
		`subscribed to "#"`:                func(c mqtt.Client) mqtt.Token { return c.Subscribe("#", 0, nil) },
		`subscribed to "$SYS/#"`:           func(c mqtt.Client) mqtt.Token { return c.Subscribe("$SYS/#", 0, nil) },
		`subscribed to "$share/g/smart_a"`: func(c mqtt.Client) mqtt.Token { return c.Subscribe("$share/g/smart_a", 0, nil) },
		`subscribed to "smart_b"`: func(c mqtt.Client) mqtt.Token {
			return c.SubscribeMultiple(map[string]byte{own: 1, "smart_b": 1}, nil)
		},
		`subscribed to "+"`: func(c mqtt.Client) mqtt.Token { return c.Unsubscribe("+") },
	} {
		r := started(t, addr)
		c, err := connected(t, r.Addr(), "mine", nil)
		if err != nil {
			t.Fatal(err)
		}
		do(c).WaitTimeout(200 * time.Millisecond)
		refusedWith(t, r, want)
	}
	r := started(t, addr)
	if _, err := connected(t, r.Addr(), "mine", func(o *mqtt.ClientOptions) { o.SetWill("smart_b", "x", 1, true) }); err == nil {
		t.Error("a will for another's topic was taken")
	}
	refusedWith(t, r, `left a will for "smart_b"`)
	select {
	case topic := <-stolen:
		t.Errorf("a message for %s has got through", topic)
	case <-time.After(300 * time.Millisecond):
	}
}

func refusedWith(t *testing.T, r *Relay, want string) {
	t.Helper()
	for until := time.Now().Add(5 * time.Second); r.Refused() == nil && time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
	}
	var refused *RefusedError
	if err := r.Refused(); !errors.As(err, &refused) || !strings.Contains(err.Error(), want) || refused.Hint() == "" {
		t.Errorf("got %v, want %q", err, want)
	}
}

// TestAnotherKeepsItsConnection when a script's client uses its id.
func TestAnotherKeepsItsConnection(t *testing.T) {
	for _, id := range []string{"hoplab-bridge-smart_b", "hoplab-probe-" + own} {
		t.Run(id, func(t *testing.T) { keepsItsConnection(t, id) })
	}
}

func keepsItsConnection(t *testing.T, id string) {
	addr := brokertest.Mochi(t).Addr()
	lost := make(chan error, 1)
	bridge, err := connected(t, addr, id, func(o *mqtt.ClientOptions) {
		o.SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err })
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := connected(t, started(t, addr).Addr(), id, nil); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-lost:
		t.Errorf("the other one lost its connection: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if !bridge.IsConnected() {
		t.Error("the other one isn't connected")
	}
}

func TestCloseEndsConnections(t *testing.T) {
	broker, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer broker.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := Start(ctx, Broker{Addr: broker.Addr().String()}, own, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	outside, err := broker.Accept() // the relay has gone on to the broker
	if err != nil {
		t.Fatal(err)
	}
	defer outside.Close()
	cancel()
	r.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("reading: %v, want that it has ended", err)
	}
}

// FuzzPass: whatever a client sends, the broker gets no packet that publishes or
// subscribes to another topic. The packets are read by code that shares nothing with
// the reader under test.
func FuzzPass(f *testing.F) {
	hello := []byte("\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04mine")
	f.Add(hello)
	f.Add(append(bytes.Clone(hello), "\x30\x0a\x00\x07smart_ax\x30\x0a\x00\x07smart_bx"...))
	f.Add(append(bytes.Clone(hello), "\x82\x0c\x00\x01\x00\x07smart_a\x01\x82\x06\x00\x02\x00\x01#\x00"...))
	f.Add([]byte("\x10\x13\x00\x04MQTT\x05\x02\x00\x3c\x02\x21\x01\x00\x04mine\xe0\x00"))
	f.Add([]byte("\x10\x1b\x00\x06MQIsdp\x03\x06\x00\x3c\x00\x00\x00\x07smart_a\x00\x02by"))
	f.Add([]byte("\x30\x0a\x00\x07smart_ax"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		var out bytes.Buffer
		left := &budget{}
		left.messages.Store(1 << 40)
		left.bytes.Store(1 << 40)
		if err := (&messages{client{topic: own, left: left}}).up(&out, bytes.NewReader(sent)); err == nil {
			t.Fatal("it has no end")
		}
		connects := 0
		for rest := out.Bytes(); len(rest) > 0; {
			length, head := 0, 1
			for shift := 0; ; shift += 7 {
				length |= int(rest[head]&0x7f) << shift
				if head++; rest[head-1] < 0x80 {
					break
				}
			}
			body := rest[head : head+length]
			switch rest[0] >> 4 {
			case 1:
				connects++
			case 3:
				if name := string(body[2 : 2+int(body[0])<<8+int(body[1])]); name != own && name != "" {
					t.Errorf("%q gives %q", sent, out.Bytes())
				}
			case 8, 10:
				if len(body) > 2 && !bytes.Contains(body, []byte(own)) {
					t.Errorf("%q gives %q", sent, out.Bytes())
				}
			}
			rest = rest[head+length:]
		}
		if out.Len() > 0 && connects != 1 {
			t.Errorf("%d CONNECTs pass of %q", connects, sent)
		}
	})
}
