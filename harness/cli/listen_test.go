package cli

import (
	"strings"
	"sync"
	"testing"

	"hoplab.example/harness/flow/brokertest"
)

func TestListen(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	runLab(t, "listen", "--broker", addr, "--count", "1", "--wait", "100ms").want(t, exitFailed, "no message has arrived for 100ms; 0 had arrived before")
	runLab(t, "listen", "--broker", addr, "--wait", "10s", "--", "sh", "-c", "exit 7").want(t, 7)
	runLab(t, "listen", "--broker", addr, "now").want(t, exitUsage, "after --")
	runLab(t, "listen", "--broker", addr, "--qos", "3").want(t, exitUsage, "--qos is 3")
	runLab(t, "listen", "--broker", "127.0.0.1:1").want(t, exitError, "127.0.0.1:1")
	runLab(t, "listen", "--broker", addr, "--keep").want(t, exitUsage, "--keep needs --client")
	var once sync.Once
	heard := labUntil(t.Context(), func(said string) {
		if strings.Contains(said, "listening to smart") {
			once.Do(func() { go runLab(t, "publish", "--broker", addr, "--rows", "3") })
		}
	}, "listen", "--broker", addr, "--count", "3", "--wait", "10s")
	heard.want(t, exitOK)
	if lines := strings.Count(heard.out, "\n"); lines != 3 || !strings.HasPrefix(heard.out, `{"usid":160`) {
		t.Errorf("heard:\n%s", heard.out)
	}
}

// TestListenToWhatWasKept: a kept session gets what came meanwhile, a clean one forgets it,
// and everybody gets the last retained message.
func TestListenToWhatWasKept(t *testing.T) {
	addr := brokertest.Mosquitto(t)
	listen := func(more ...string) result {
		return runLab(t, append([]string{"listen", "--broker", addr, "--client", "me", "--wait", "300ms"}, more...)...)
	}
	publish := func(more ...string) {
		t.Helper()
		runLab(t, append([]string{"publish", "--broker", addr, "--rows", "3"}, more...)...).want(t, exitOK)
	}
	listen("--keep", "--count", "1").want(t, exitFailed, "0 had arrived before")
	publish()
	listen("--keep", "--count", "3").want(t, exitOK)
	publish()
	listen("--count", "1").want(t, exitFailed, "0 had arrived before")
	publish("--retain")
	listen("--count", "2").want(t, exitFailed, "1 had arrived before")
}
