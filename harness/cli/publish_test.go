package cli

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// TestAddressesOfTheRun: without an address, a server is that of the run that is up.
func TestAddressesOfTheRun(t *testing.T) {
	ownRuns(t)
	if r := runLab(t, "listen", "--topic", t.Name(), "--wait", "10ms"); !strings.Contains(r.err, "127.0.0.1:1883") {
		t.Errorf("nothing is up: %d, %s", r.code, r.err)
	}
	runLab(t, "up", "--only", "mochi").want(t, exitOK)
	var once sync.Once
	heard := labUntil(t.Context(), func(said string) {
		if strings.Contains(said, "listening to smart") {
			once.Do(func() { go runLab(t, "publish", "--rows", "2") })
		}
	}, "listen", "--count", "2", "--wait", "10s")
	if heard.want(t, exitOK, "mochi of the run lab is at "); strings.Count(heard.out, "\n") != 2 {
		t.Errorf("heard %q", heard.out)
	}
	file := filepath.Join(t.TempDir(), "addresses.yaml")
	if err := os.WriteFile(file, []byte("components:\n  mqtt: {address: 127.0.0.1:1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("addresses", file) // as in the shell of 'lab shell 1'
	runLab(t, "listen").want(t, exitError, "127.0.0.1:1:")
	runLab(t, "listen", "--run", "lab", "--count", "1", "--wait", "10ms").want(t, exitFailed, "mochi of the run lab is at ")
	runLab(t, "publish", "--run", "gone").want(t, exitError, `no run called "gone" is up`)
	runLab(t, "export", "--run", "lab").want(t, exitUsage, `run lab has no "kafka"`)
	runLab(t, "bridge", "--run", "lab", "--attach", "x").want(t, exitUsage, "give one of the two")
}
