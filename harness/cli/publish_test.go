package cli

import (
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/flow/brokertest"
)

// TestSharesHaveNamesOfTheirOwn: publishers of different parts don't end one another's
// connection, as clients of one name do.
func TestSharesHaveNamesOfTheirOwn(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	lost := make(chan struct{})
	first := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("hoplab-publisher-1-of-2").
		SetAutoReconnect(false).SetConnectionLostHandler(func(mqtt.Client, error) { close(lost) }))
	if token := first.Connect(); token.Wait() && token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer first.Disconnect(0)
	runLab(t, "publish", "--broker", addr, "--rows", "20", "--share", "2/2").want(t, exitOK)
	if !first.IsConnected() {
		t.Error("the second part's publisher has ended the first one's connection")
	}
	runLab(t, "publish", "--broker", addr, "--rows", "20", "--share", "1/2").want(t, exitOK)
	select {
	case <-lost:
	case <-time.After(10 * time.Second):
		t.Error("the first part's publisher has another name than its part says")
	}
}
