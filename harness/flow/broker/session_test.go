package broker

import (
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"
)

func TestSendsAgainAfterCut(t *testing.T) {
	b := begin(t, mosquittoBounds)
	first := dial(t, b, "ear", false, false).subscribe(t, 1)
	publish(t, b, 1, 1, 5)
	first.awaitCount(t, 5)
	first.all()[0].Ack()
	first.all()[2].Ack()
	await(t, func() bool { return b.Pending("ear") == 4 }, func() string { return fmt.Sprint(b.Pending("ear"), " pending") })
	publish(t, b, 0, 6, 6) // QoS 0 behind what is unacknowledged
	first.awaitCount(t, 6)
	if !b.Cut("ear") {
		t.Fatal("nothing was cut")
	}
	await(t, func() bool { return !first.client.IsConnected() && !b.post.present("ear") }, func() string { return "still connected" })
	if b.Cut("ear") || b.Cut("nobody") {
		t.Error("a connection was cut that isn't there")
	}
	publish(t, b, 1, 7, 7)

	second := dial(t, b, "ear", false, false)
	if got, want := second.awaitCount(t, 4), []string{"2", "4", "5", "7"}; !slices.Equal(got, want) {
		t.Fatalf("heard %v, want %v", got, want)
	}
	for i, m := range second.all() {
		if old := i < 3; m.Duplicate() != old {
			t.Errorf("DUP of %s is %v", m.Payload(), m.Duplicate())
		} else if old && m.MessageID() != first.all()[[]int{1, 3, 4}[i]].MessageID() {
			t.Errorf("%s was sent again with another packet id", m.Payload())
		}
	}
}

func TestCleanSessionForgets(t *testing.T) {
	b := begin(t, mosquittoBounds)
	dial(t, b, "ear", false, true).subscribe(t, 1).leave(t, b, "ear")
	publish(t, b, 1, 1, 3)
	clean := dial(t, b, "ear", true, true)
	if got := b.Pending("ear"); got != 0 {
		t.Errorf("%d pending for a clean session", got)
	}
	clean.subscribe(t, 1)
	publish(t, b, 1, 4, 4)
	if got := clean.awaitCount(t, 1); got[0] != "4" {
		t.Errorf("heard %v, want 4", got)
	}
	clean.client.Disconnect(100)
	await(t, func() bool { return b.post.session("ear") == nil }, func() string { return "the session of a clean client that left" })
}

func TestTakeover(t *testing.T) {
	for _, clean := range []bool{false, true} {
		t.Run(fmt.Sprint("old is clean: ", clean), func(t *testing.T) {
			b := begin(t, mosquittoBounds)
			old := dial(t, b, "ear", clean, false).subscribe(t, 1)
			publish(t, b, 1, 1, 2)
			old.awaitCount(t, 2)
			young := dial(t, b, "ear", false, true).subscribe(t, 1)
			await(t, func() bool { return !old.client.IsConnected() }, func() string { return "the old connection lives" })
			publish(t, b, 1, 3, 4)
			want := numbers(1, 4)
			if clean {
				want = numbers(3, 4)
			}
			if got := young.awaitCount(t, len(want)); !slices.Equal(got, want) {
				t.Errorf("heard %v, want %v", got, want)
			}
			await(t, func() bool { return b.Pending("ear") == 0 }, func() string { return fmt.Sprint(b.Pending("ear"), " pending") })
		})
	}
}

// Many connections of one client fight for its session; the one that is left
// has to get what comes.
func TestTakeoverAgainAndAgain(t *testing.T) {
	b := begin(t, mosquittoBounds)
	last := dial(t, b, "ear", false, true).subscribe(t, 1)
	for range 50 {
		last = dial(t, b, "ear", false, true)
	}
	publish(t, b, 1, 1, 1)
	last.awaitCount(t, 1)
}

// deaf connects and never reads.
func deaf(t *testing.T, b *Broker, id string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", b.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	hello := packets.NewControlPacket(packets.Connect).(*packets.ConnectPacket)
	hello.ProtocolName, hello.ProtocolVersion, hello.ClientIdentifier = "MQTT", 4, id
	sub := packets.NewControlPacket(packets.Subscribe).(*packets.SubscribePacket)
	sub.MessageID, sub.Topics, sub.Qoss = 1, []string{topic}, []byte{1}
	for _, p := range []packets.ControlPacket{hello, sub} {
		if err := p.Write(conn); err != nil {
			t.Fatal(err)
		}
	}
	await(t, func() bool {
		_, ok := b.server.Topics.Subscribers(topic).Subscriptions[id]
		return ok
	}, func() string { return "no subscription" })
	return conn
}

// A client that doesn't read blocks the broker's writes to it, but neither its
// successor nor the end of the broker.
func TestDeafClient(t *testing.T) {
	b := begin(t, mosquittoBounds)
	deaf(t, b, "ear")
	publisher := dial(t, b, "publisher", true, true).client
	var token mqtt.Token
	for range 20 {
		token = publisher.Publish(topic, 1, false, make([]byte, 1<<20))
	}
	finish(t, token)
	began := time.Now()
	e := dial(t, b, "ear", false, true)
	e.awaitCount(t, 20)
	deaf(t, b, "deaf")
	for range 20 {
		token = publisher.Publish(topic, 1, false, make([]byte, 1<<20))
	}
	finish(t, token)
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("takeover and end took %v", took)
	}
}

// A client that only pings stays, however short its keepalive is.
func TestShortKeepalive(t *testing.T) {
	t.Parallel()
	b := begin(t, mosquittoBounds)
	lost := make(chan error, 1)
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + b.Addr()).SetClientID("pings").
		SetKeepAlive(time.Second).SetAutoReconnect(false).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
	finish(t, client.Connect())
	defer client.Disconnect(100)
	select {
	case err := <-lost:
		t.Error(err)
	case <-time.After(3500 * time.Millisecond):
	}
}

func TestCloseTwice(t *testing.T) {
	b := begin(t, mosquittoBounds)
	e := dial(t, b, "ear", false, true)
	for range 2 {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	await(t, func() bool { return !e.client.IsConnected() }, func() string { return "still connected" })
}
