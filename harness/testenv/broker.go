package testenv

import (
	"slices"
	"testing"

	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/tool"
)

// Brokers are the components that serve MQTT. A test that is about MQTT runs
// with each.
var Brokers = []string{"mosquitto", "mochi"}

// host is where components run: in a runtime, or where a file of addresses says.
type host struct {
	runtime string
	file    *attach.File
}

// lacks returns why a broker can't run there, or nil. What runs in containers has
// its programs in an image.
func (h host) lacks(broker string) error {
	switch {
	case h.file != nil:
		return h.file.Require([]string{broker})
	case h.runtime == "local" && broker == "mosquitto":
		_, err := tool.Mosquitto.Find()
		return err
	}
	return nil
}

// anyBroker puts the built-in broker in place of a mosquitto that isn't there.
func anyBroker(t *testing.T, h host, components []string) []string {
	t.Helper()
	i := slices.Index(components, "mosquitto")
	if i < 0 {
		return components
	}
	lacking := h.lacks("mosquitto")
	if lacking == nil || h.file != nil && h.file.Broker() != "mochi" {
		return components
	}
	t.Logf("the built-in broker serves MQTT: %v", lacking)
	components = slices.Clone(components)
	components[i] = "mochi"
	return components
}

// exactBroker skips the test of a broker that isn't there. A cluster has one.
func exactBroker(t *testing.T, h host, components []string) []string {
	t.Helper()
	for _, name := range Brokers {
		if !slices.Contains(components, name) || h.lacks(name) == nil {
			continue
		}
		if h.file == nil {
			need.Mosquitto.Skip(t, h.lacks(name))
		}
		if slices.ContainsFunc(Brokers, h.file.Has) {
			t.Skipf("skipped because %s has no broker %s", h.file.Path, name)
		}
	}
	return components
}

// brokerOf returns the component that serves MQTT for a test that needs these, and
// what it would be for one that needs none.
func brokerOf(names []string) string {
	for _, name := range Brokers {
		if slices.Contains(names, name) {
			return name
		}
	}
	return Brokers[0]
}
