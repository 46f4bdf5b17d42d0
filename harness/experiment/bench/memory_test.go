package bench

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/brokertest"
)

// residentLimit is what the bridge may have resident, in bytes.
var residentLimit int64 = memoryLimit

// While Kafka stands still, a backlog grows at the broker, not in the bridge;
// and when Kafka goes on, the bridge carries it all in the same memory.
func TestBridgeMemoryStaysFlat(t *testing.T) {
	rows := 300_000
	if testing.Short() {
		rows = 50_000
	}
	b := brokertest.Mochi(t)
	cluster, stall := stalled(t)
	process, err := apart.Start(t.Context(), apart.Task{
		Kind: apart.Bridge, MQTT: b.Addr(), ClientID: "bridge", Source: "smart", Kafka: cluster.ListenAddrs(), Topic: "smart",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer process.Stop()
	if err := process.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, err := dialPacer(b.Addr(), "pacer", "smart", rows)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if _, err := p.run(t.Context(), 1e6); err != nil {
		t.Fatal(err)
	}
	if report, err := process.Ask(); err != nil || report.Count > 0 {
		t.Fatalf("%d rows acknowledged while Kafka stands still, %v", report.Count, err)
	}
	close(stall)
	report := emptied(t, process, int64(rows))
	t.Logf("%d rows, %d MiB at most", report.Count, report.Peak>>20)
	if report.Peak > residentLimit {
		t.Errorf("%d MiB were resident", report.Peak>>20)
	}
}

func emptied(t *testing.T, process *apart.Process, rows int64) (report apart.Report) {
	t.Helper()
	for limit := time.Now().Add(3 * time.Minute); report.Count < rows; time.Sleep(20 * time.Millisecond) {
		var err error
		if report, err = process.Ask(); err != nil {
			t.Fatal(err)
		}
		if time.Now().After(limit) {
			t.Fatalf("%d of %d rows after 3 minutes", report.Count, rows)
		}
	}
	return report
}

// stalled is a Kafka that answers no write until the channel is closed, and keeps
// nothing.
func stalled(t *testing.T) (*kfake.Cluster, chan struct{}) {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.BlackholeProduce())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	stall := make(chan struct{})
	cluster.ControlKey(int16(kmsg.Produce), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		cluster.SleepControl(func() {
			select {
			case <-stall:
			case <-t.Context().Done():
			}
		})
		return nil, nil, false
	})
	return cluster, stall
}
