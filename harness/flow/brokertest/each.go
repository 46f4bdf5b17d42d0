package brokertest

import (
	"testing"

	"hoplab.example/harness/flow/broker"
)

// EachBroker runs a test with the built-in broker and with mosquitto. addr is
// where it is, as host:port.
func EachBroker(t *testing.T, test func(t *testing.T, addr string)) {
	t.Run("mochi", func(t *testing.T) { test(t, Mochi(t).Addr()) })
	t.Run("mosquitto", func(t *testing.T) { test(t, Mosquitto(t)) })
}

// Mochi starts the built-in broker, which ends with the test.
func Mochi(t *testing.T) *broker.Broker {
	t.Helper()
	b, err := broker.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}
