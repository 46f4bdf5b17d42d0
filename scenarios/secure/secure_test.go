// Package secure looks at stacks that are up as an attacker would: from the network,
// and from a page in a browser.
package secure

import (
	"context"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/fence/relay"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/view/watch"
)

func TestMain(m *testing.M) { scenario.Main(m) }

var all = []string{"mosquitto", "mochi", "kafka", "connect", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch"}

// onlyLoopback fails the test unless each socket is reached by the machine's own
// programs alone, and there are at least so many.
func onlyLoopback(t *testing.T, sockets []socket, least int) {
	t.Helper()
	for _, s := range sockets {
		if !s.at.Addr().IsLoopback() {
			t.Errorf("%v can be reached from outside: process %s", s.at, s.process)
		}
	}
	if len(sockets) < least {
		t.Errorf("%d sockets were found, want %d at least: %v", len(sockets), least, sockets)
	}
}

// TestServersListenOnLoopback looks at each socket of each process of a run: those that
// have a name in hoplab, and others that a server opens. For containers, the ports that
// the engine publishes count. Then it tries every port on every address of the machine.
func TestServersListenOnLoopback(t *testing.T) {
	if os.Getenv(choose.Variable) == "attach" {
		t.Skip("skipped because servers that run already listen where they were told to")
	}
	s := scenario.Exactly(t, all...)
	for name, c := range s.Run().State.Components {
		for port, at := range c.Ports {
			if host, _, err := net.SplitHostPort(at); err != nil || !net.ParseIP(host).IsLoopback() {
				t.Errorf("port %s of %s is at %s, %v", port, name, at, err)
			}
		}
	}
	sockets := listening(t, family(t, s.Run().State.PID))
	if s.Run().State.Runtime == "local" {
		// Kafka has three, Flink seven, Elasticsearch two.
		onlyLoopback(t, sockets, 16)
	} else {
		// Each component has one at least: Flink's TaskManager too, which needs none.
		mapped := published(t, s)
		onlyLoopback(t, mapped, len(all))
		sockets = append(sockets, mapped...)
	}
	notFromOutside(t, sockets)
}

// TestImagesListenOnLoopback is about Kibana and Grafana, or stand-ins of their images,
// which have the same ports.
func TestImagesListenOnLoopback(t *testing.T) {
	for _, name := range []string{"kibana", "grafana"} {
		t.Run(name+"/"+testenv.Kind(t, name), func(t *testing.T) {
			if os.Getenv(choose.Variable) == "attach" {
				t.Skip("skipped because servers that run already listen where they were told to")
			}
			mapped := published(t, scenario.NeedImage(t, name, "elasticsearch"))
			onlyLoopback(t, mapped, 2)
			notFromOutside(t, mapped)
		})
	}
}

// TestOtherStacksListenOnLoopback is about what only they have: ZooKeeper, and newer
// versions.
func TestOtherStacksListenOnLoopback(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because it boots two more stacks")
	}
	for stack, components := range map[string][]string{"seed": {"kafka"}, "current": {"kafka", "elasticsearch"}} {
		t.Run(stack, func(t *testing.T) {
			s := scenario.Own(t, stack, components...)
			onlyLoopback(t, listening(t, family(t, s.Run().State.PID)), 4)
		})
	}
}

// TestOwnProgramsListenOnLoopback is about what hoplab itself serves.
func TestOwnProgramsListenOnLoopback(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	guard, err := relay.Start(ctx, relay.Broker{Addr: "127.0.0.1:1"}, "smart", relay.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer guard.Close()
	ended, ready := make(chan error, 1), make(chan string, 1)
	go func() {
		ended <- watch.Serve(ctx, watch.Config{Run: "r", Source: nobody{}}, 0, func(url string) { ready <- url })
	}()
	<-ready
	onlyLoopback(t, listening(t, []int{os.Getpid()}), 2)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestAnOpenSocketIsSeen shows that the other tests can fail.
func TestAnOpenSocketIsSeen(t *testing.T) {
	for _, network := range []string{"tcp4", "tcp"} {
		listener, err := net.Listen(network, ":0")
		if err != nil {
			t.Fatal(err)
		}
		open := 0
		for _, s := range listening(t, []int{os.Getpid()}) {
			if !s.at.Addr().IsLoopback() && int(s.at.Port()) == listener.Addr().(*net.TCPAddr).Port {
				open++
			}
		}
		listener.Close()
		if open != 1 {
			t.Errorf("%s: %v was found %d times", network, listener.Addr(), open)
		}
	}
}

// TestPagesMayNotUseServers asks as a browser does for a page of another site. The
// servers run no program that such a page sends, and let it read no answer.
func TestPagesMayNotUseServers(t *testing.T) {
	if os.Getenv(choose.Variable) == "attach" {
		t.Skip("skipped because servers that run already have settings of their own")
	}
	s := scenario.Need(t, "flink-jobmanager", "flink-gateway", "elasticsearch", "connect", "kafka")
	const evil = "https://evil.example"
	for _, c := range []struct{ component, port, method, path string }{
		{"flink-jobmanager", "rest", "GET", "/overview"}, {"flink-jobmanager", "rest", "POST", "/jars/upload"},
		{"flink-gateway", "rest", "POST", "/v1/sessions"}, {"elasticsearch", "http", "GET", "/_cat/indices"},
		{"connect", "rest", "GET", "/connectors"}, {"connect", "rest", "POST", "/connectors"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), c.method, "http://"+s.Addr(c.component, c.port)+c.path, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", evil)
		req.Header.Set("Content-Type", "text/plain") // what a page may send without asking
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if allowed := res.Header.Get("Access-Control-Allow-Origin"); allowed == "*" || allowed == evil {
			t.Errorf("%s %s of %s: a page of %s may read the answer", c.method, c.path, c.component, evil)
		}
		if c.component != "flink-gateway" && c.method == "POST" && res.StatusCode < 400 {
			t.Errorf("%s %s of %s: %s", c.method, c.path, c.component, res.Status)
		}
	}
}

// nobody has nothing to show.
type nobody struct{}

func (nobody) Read(context.Context) watch.Sample { return watch.Sample{} }

func (nobody) Close() {}
