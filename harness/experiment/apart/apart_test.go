package apart

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/util/reexec"
)

func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{RoleName: Role})
	os.Exit(m.Run())
}

const count = 500

// measure publishes to a session that the process has opened, and returns what
// the process says once it has all.
func measure(t *testing.T, task Task) Report {
	t.Helper()
	p, err := Start(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}()
	if err := p.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	publish(t, task.MQTT)
	var r Report
	for limit := time.Now().Add(20 * time.Second); r.Count < count; time.Sleep(10 * time.Millisecond) {
		if r, err = p.Ask(); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(limit) {
			t.Fatalf("%d of %d messages after 20 s", r.Count, count)
		}
	}
	if err := p.Begin(t.Context()); err == nil {
		t.Error("it began twice")
	}
	return r
}

func publish(t *testing.T, addr string) {
	t.Helper()
	client, err := wire.Session{Addr: addr, ClientID: "publisher"}.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(100)
	for n := range count {
		if token := client.Publish("smart", 1, false, fmt.Sprint(n)); !token.WaitTimeout(10*time.Second) || token.Error() != nil {
			t.Fatalf("publish: %v", token.Error())
		}
	}
}

func TestDiscard(t *testing.T) {
	r := measure(t, Task{Kind: Discard, MQTT: brokertest.Mochi(t).Addr(), ClientID: "ear", Source: "smart"})
	if r.Count != count || r.CPU <= 0 || r.CPU > time.Minute || r.Peak < 1<<20 || r.Peak > 1<<30 || r.Waits != nil {
		t.Errorf("report = %+v", r)
	}
}

// Where the task is to carry, every message's wait is measured.
func TestBridge(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	r := measure(t, Task{
		Kind: Bridge, MQTT: brokertest.Mochi(t).Addr(), ClientID: "bridge", Source: "smart", Kafka: cluster.ListenAddrs(), Topic: "smart", Waits: true,
	})
	if r.Count != count || r.CPU <= 0 || r.Waits == nil {
		t.Fatalf("report = %+v", r)
	}
	waits := Waits(r)
	if waits.TotalCount() != count || waits.Min() < 1 || waits.Max() > (20*time.Second).Microseconds() {
		t.Errorf("%d waits of %d to %d µs", waits.TotalCount(), waits.Min(), waits.Max())
	}
}

func TestPlain(t *testing.T) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "smart"))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	r := measure(t, Task{Kind: Plain, MQTT: brokertest.Mochi(t).Addr(), ClientID: "plain", Source: "smart", Kafka: cluster.ListenAddrs(), Topic: "smart"})
	if r.Count != count {
		t.Errorf("report = %+v", r)
	}
}

func TestBeginErrors(t *testing.T) {
	for kind, want := range map[string]string{"dance": `no task of kind "dance"`, Discard: "refused", Plain: "refused"} {
		p, err := Start(t.Context(), Task{Kind: kind, MQTT: "127.0.0.1:1", ClientID: "ear", Source: "smart"})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Begin(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error = %v, want %q", kind, err, want)
		}
		_ = p.Stop() // the same error again
	}
}

func TestRoleErrors(t *testing.T) {
	for _, args := range [][]string{nil, {"no JSON"}, {"{}", "{}"}} {
		var log strings.Builder
		if code := role(args, strings.NewReader(""), &strings.Builder{}, &log); code != 2 || log.Len() == 0 {
			t.Errorf("role(%q) = %d, %q", args, code, &log)
		}
	}
}
