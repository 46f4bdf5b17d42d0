package testenv

import (
	"testing"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/component"
)

// second is a component of this package's own.
func second() component.Component {
	c := component.Mochi()
	c.Name = "second"
	return c
}

func TestMain(m *testing.M) { Main(m, second()) }

// TestOwnComponent: a component that Main adds is started like the others.
func TestOwnComponent(t *testing.T) {
	env := New(t, Server{"second"}, Server{"mochi"})
	if env.Addr("second", "mqtt") == env.Addr("mochi", "mqtt") {
		t.Error("both have one address")
	}
	client, err := wire.Session{Addr: env.Addr("second", "mqtt"), ClientID: env.Name("own")}.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client.Disconnect(goodbyeMillis)
}

// TestMQTT: what is published is heard, in order, and by nobody else.
func TestMQTT(t *testing.T) {
	env := New(t, Server{"mochi"})
	topic := env.Name("orders")
	heard, other := env.MQTT.Subscribe(topic), env.MQTT.Subscribe(env.Name("other"))
	env.MQTT.Publish(topic, "one", "two")
	env.Eventually(heard.Count, 2, nil)
	if got := heard.Payloads(); got[0] != "one" || got[1] != "two" || len(got) != 2 || len(other.Payloads()) != 0 {
		t.Errorf("heard %q, and elsewhere %q", got, other.Payloads())
	}
}
