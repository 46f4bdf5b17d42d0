package bench

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/rows/wisdm"
)

// A pacer's rows are rows, each arrives, in order, and as fast as asked for.
func TestPacer(t *testing.T) {
	const rows, rate = 600, 2000
	addr := brokertest.Mochi(t).Addr()
	p, err := dialPacer(addr, "pacer", "smart", rows)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	var mu sync.Mutex
	var problems []string
	next := 0
	c := &clock{pacer: p, skip: 100, took: apart.NewHistogram()}
	client, err := wire.Session{Addr: addr, ClientID: "ear"}.Subscribe(t.Context(), "smart", 1, func(m mqtt.Message) {
		row, err := wisdm.ParseMessage(m.Payload())
		c.arrived(m.Payload())
		mu.Lock()
		defer mu.Unlock()
		if err != nil || row.Seq != int64(next) {
			problems = append(problems, string(m.Payload()))
		}
		next++
	})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(100)
	took, reached, err := c.play(t.Context(), rate)
	if err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(problems) > 0 {
		t.Errorf("%d messages are wrong, the first is %s", len(problems), problems[0])
	}
	if reached > 1.01*rate {
		t.Errorf("%.0f rows/s were sent, want %d", reached, rate)
	}
	if n := c.took.TotalCount(); n != rows-100 || took.p50 <= 0 || took.p50 > took.p90 || took.p90 > took.p99 {
		t.Errorf("%d rows took %v", n, took)
	}
}

// Rows that never arrive are reported, and a publisher that isn't answered stops.
func TestPacerErrors(t *testing.T) {
	if _, err := dialPacer(brokertest.Refuse(t), "pacer", "smart", 1); err == nil || !strings.Contains(err.Error(), "connect to the MQTT broker") {
		t.Errorf("error = %v", err)
	}
	b := brokertest.Mochi(t)
	p, err := dialPacer(b.Addr(), "pacer", "smart", 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	time.AfterFunc(50*time.Millisecond, func() { b.Cut("pacer") })
	if _, err := p.run(ctx, 1000); err == nil || ctx.Err() != nil {
		t.Errorf("error = %v, want a broken connection", err)
	}
}

func TestPercentiles(t *testing.T) {
	h := apart.NewHistogram()
	for us := range int64(1000) {
		if err := h.RecordValue(1 + us); err != nil {
			t.Fatal(err)
		}
	}
	if got := percentilesOf(h); got != (percentiles{0.5, 0.9, 0.99}) {
		t.Errorf("percentiles = %v", got)
	}
}

func TestSeqOf(t *testing.T) {
	row := wisdm.AppendMessage(nil, wisdm.Row{Subject: 1600, Activity: "A", Device: "phone", Sensor: "accel", Seq: 42, Time: wisdm.DefaultBase})
	if n, ok := seqOf(row); n != 42 || !ok {
		t.Errorf("seqOf = %d, %v", n, ok)
	}
	for _, text := range []string{"", `{"seq":`, `{"seq":1`, `{"seq":x,`} {
		if n, ok := seqOf([]byte(text)); ok {
			t.Errorf("seqOf(%s) = %d", text, n)
		}
	}
}

func TestCPUFigure(t *testing.T) {
	f := cpuFigure([]effort{{cpu: 6, peak: 30 << 20}, {cpu: 8, peak: 40 << 20}}, []effort{{cpu: 3}, {cpu: 2}})
	if !f.Met || f.Wrong != "" || !strings.Contains(f.Detail, "6.00 to 3.00") || !strings.Contains(f.Detail, "at most 40 MiB") {
		t.Errorf("figure = %+v", f)
	}
	if f := cpuFigure([]effort{{cpu: 6, peak: memoryLimit + 1}}, []effort{{cpu: 3}}); !strings.Contains(f.Wrong, "more than 128 MiB") {
		t.Errorf("too much memory: %+v", f)
	}
}
