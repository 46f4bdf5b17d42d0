package publish

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/rows/wisdm"
)

func TestPublishesEveryRowOnce(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		for qos := range byte(3) {
			t.Run(fmt.Sprint("QoS ", qos), func(t *testing.T) {
				e := listen(t, addr)
				input := few{count: 3000}
				stats, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: qos, Source: input, Window: 100})
				if err != nil {
					t.Fatal(err)
				}
				want := messages(t, input)
				if diff := differ(e.await(t, 3000), want); diff != "" {
					t.Error(diff)
				}
				size := int64(len(strings.Join(want, "")))
				if stats.Rows != 3000 || stats.Acked != 3000 || stats.Bytes != size || stats.Laps != 1 || stats.Reconnects != 0 || stats.Elapsed <= 0 {
					t.Errorf("stats = %+v, want 3000 rows of %d bytes", stats, size)
				}
			})
		}
	})
}

func TestMax(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	e := listen(t, addr)
	stats, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 50}, Max: 7})
	if err != nil || stats.Rows != 7 || stats.Acked != 7 {
		t.Errorf("Run: %+v, %v; want 7 rows", stats, err)
	}
	if diff := differ(e.await(t, 7), messages(t, few{count: 7})); diff != "" {
		t.Error(diff)
	}
}

func TestLoop(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	e := listen(t, addr)
	stats, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 10}, Max: 35, Loop: true})
	if err != nil || stats.Rows != 35 || stats.Laps != 4 {
		t.Errorf("Run: %+v, %v; want 35 rows, 4 laps", stats, err)
	}
	ids, last := map[string]bool{}, map[int]time.Time{}
	for i, text := range e.await(t, 35) {
		row, err := wisdm.ParseMessage([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if ids[row.ID()] {
			t.Errorf("row %d repeats the id %s", i, row.ID())
		}
		ids[row.ID()] = true
		if !row.Time.After(last[row.Subject]) {
			t.Errorf("row %d: %v is not after %v", i, row.Time, last[row.Subject])
		}
		last[row.Subject] = row.Time
		if row.X != float64(i%10) {
			t.Errorf("row %d has x = %v", i, row.X)
		}
	}
}

func TestEmptyInputEnds(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	for _, loop := range []bool{false, true} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		stats, err := Run(ctx, Config{Broker: "tcp://" + addr, QoS: 1, Source: few{}, Loop: loop})
		if err != nil || stats.Rows != 0 {
			t.Errorf("loop %v: %+v, %v", loop, stats, err)
		}
	}
}

func TestSourceError(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	e := listen(t, addr)
	broken := errors.New("line 13 isn't a row")
	stats, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 12, err: broken}})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "after 12 rows of a few rows (12)") {
		t.Errorf("error = %v", err)
	}
	if stats.Rows != 12 || stats.Acked != 12 {
		t.Errorf("stats = %+v, want 12 rows", stats)
	}
	e.await(t, 12)
}

type closed struct{ few }

func (closed) Open() (wisdm.Source, error) { return nil, errors.New("no such file") }

func TestOpenError(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	_, err := Run(t.Context(), Config{Broker: "tcp://" + addr, Source: closed{}})
	if err == nil || !strings.Contains(err.Error(), "after 0 rows of a few rows (0): no such file") {
		t.Errorf("error = %v", err)
	}
}

func TestProgress(t *testing.T) {
	addr := brokertest.Mochi(t).Addr()
	var told []Stats
	stats, err := Run(t.Context(), Config{
		Broker: "tcp://" + addr, QoS: 1, Source: few{count: 100}, Rate: Rate{every: 10 * time.Millisecond},
		Progress: func(s Stats) { told = append(told, s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) < 3 {
		t.Fatalf("called %d times in %v", len(told), stats.Elapsed)
	}
	for i, s := range told[1:] {
		if s.Rows < told[i].Rows || s.Acked > s.Rows {
			t.Errorf("got %+v after %+v", s, told[i])
		}
	}
	if last := told[len(told)-1]; last.Rows != 100 || last.Acked != 100 {
		t.Errorf("got last: %+v", last)
	}
}

func TestConfigErrors(t *testing.T) {
	good := Config{Broker: "tcp://127.0.0.1:1", Source: few{}}
	tests := map[string]func(*Config){
		"must be tcp://HOST:PORT":     func(c *Config) { c.Broker = "127.0.0.1:1883" },
		"QoS is 3; it must be 0, 1":   func(c *Config) { c.QoS = 3 },
		"no source of rows":           func(c *Config) { c.Source = nil },
		"at most -1 rows":             func(c *Config) { c.Max = -1 },
		"window is 40000; it must be": func(c *Config) { c.Window = 40_000 },
		"window is -1; it must be":    func(c *Config) { c.Window = -1 },
		"retry limit is -1s; give 0":  func(c *Config) { c.RetryLimit = -time.Second },
	}
	for want, spoil := range tests {
		c := good
		spoil(&c)
		if _, err := Run(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	}
}
