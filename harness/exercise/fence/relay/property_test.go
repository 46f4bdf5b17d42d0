package relay

import (
	"bytes"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/flow/brokertest"
)

// TestNothingOutlivesAConnection: a CONNECT asks the broker to keep neither a session
// nor a will that comes later, whatever the client asks for.
func TestNothingOutlivesAConnection(t *testing.T) {
	for name, c := range map[string]struct{ sent, want string }{
		"3.1.1":         {"\x00\x04MQTT\x04\x00\x00\x3c\x00\x00", "\x00\x04MQTT\x04\x02\x00\x3c\x00\x00"},
		"3.1":           {"\x00\x06MQIsdp\x03\x00\x00\x3c\x00\x00", "\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x00"},
		"a session":     {"\x00\x04MQTT\x05\x00\x00\x3c\x05\x11\xff\xff\xff\xff\x00\x00", "\x00\x04MQTT\x05\x00\x00\x3c\x05\x11\x00\x00\x00\x00\x00\x00"},
		"after another": {"\x00\x04MQTT\x05\x00\x00\x3c\x0f\x21\x00\x09\x26\x00\x01a\x00\x01b\x11\x00\x00\x01\x00\x00\x00", "\x00\x04MQTT\x05\x00\x00\x3c\x0f\x21\x00\x09\x26\x00\x01a\x00\x01b\x11\x00\x00\x00\x00\x00\x00"},
		"a late will": {"\x00\x04MQTT\x05\x06\x00\x3c\x00\x00\x00\x05\x18\x00\x00\x00\x63\x00\x07smart_a\x00\x01x",
			"\x00\x04MQTT\x05\x06\x00\x3c\x00\x00\x00\x05\x18\x00\x00\x00\x00\x00\x07smart_a\x00\x01x"},
		"cut": {"\x00\x04MQTT\x05\x00\x00\x3c\x02\x26\x00\x00\x00", "\x00\x04MQTT\x05\x00\x00\x3c\x02\x26\x00\x00\x00"},
	} {
		packet := framed(0x10, []byte(c.sent))
		passed, err := (&client{topic: own}).check(packet, packet[2:])
		if err != nil || !bytes.Equal(passed[2:], []byte(c.want)) {
			t.Errorf("%s: %q, %v\nwant %q", name, passed, err, c.want)
		}
	}
}

// TestNoSessionIsKept on a broker for a client that has asked for one.
func TestNoSessionIsKept(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		kept := func(o *mqtt.ClientOptions) { o.SetCleanSession(false) }
		c, err := connected(t, started(t, addr).Addr(), "mine", kept)
		if err != nil {
			t.Fatal(err)
		}
		if token := c.Subscribe(own, 1, nil); !token.WaitTimeout(5*time.Second) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		c.Disconnect(100)
		o := mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("mine-" + own + "-script").SetCleanSession(false).SetProtocolVersion(4)
		again := mqtt.NewClient(o)
		token := again.Connect().(*mqtt.ConnectToken)
		if !token.WaitTimeout(5*time.Second) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		defer again.Disconnect(0)
		if token.SessionPresent() {
			t.Error("the broker has kept the script's session")
		}
	})
}
