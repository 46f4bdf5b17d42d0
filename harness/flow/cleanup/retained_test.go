package cleanup

import (
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/flow/pipeline"
)

// TestRetained: a message that the run's topic retains is sent to nobody any more, and
// another topic's stays.
func TestRetained(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		p := pipeline.Pipeline{Sites: oneServer(addr), Names: pipeline.NewNames("a"), Broker: "mosquitto"}
		client, err := wire.Session{Addr: addr, ClientID: "eve"}.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer client.Disconnect(100)
		for _, topic := range []string{p.Names.Source, "other"} {
			if err := wire.Answer(t.Context(), client.Publish(topic, 1, true, "stays")); err != nil {
				t.Fatal(err)
			}
		}
		if err := removeRetained(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		heard := make(chan string, 9)
		other, err := wire.Session{Addr: addr, ClientID: "bob"}.Subscribe(t.Context(), "#", 1, func(m mqtt.Message) { heard <- m.Topic() })
		if err != nil {
			t.Fatal(err)
		}
		defer other.Disconnect(100)
		for {
			select {
			case topic := <-heard:
				if topic != "other" {
					t.Errorf("%s still retains a message", topic)
				}
			case <-time.After(50 * time.Millisecond):
				return
			}
		}
	})
}
