package grade

import (
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// TestOverflow: a queue that can only drop gets more rows than it holds.
func TestOverflow(t *testing.T) {
	for want, configs := range map[int64][]map[string]string{
		3000:   {{}, {sedaSize: "1000"}, {sedaSize: "10000", sedaWaits: "true"}, {"camel.component.seda.queue-size": "10000", "camel.component.seda.default-block-when-full": "true"}},
		5500:   {{sedaSize: "3500", sedaWaits: "true"}},
		12_000: {{sedaSize: "10000"}, {"camel.component.seda.queue-size": "10000"}, {sedaSize: "10000", sedaWaits: "false"}},
	} {
		for _, config := range configs {
			a := &attempt{input: wisdm.Generator{Seed: 1, Rows: 3000}}
			a.oracle, _ = wisdm.ReadOracle(a.input, wisdm.DefaultBase, 0)
			if err := a.overflow(config); err != nil || a.oracle.Count() != want {
				t.Errorf("%v: %d rows, %v; want %d", config, a.oracle.Count(), err, want)
			}
		}
	}
}

func TestPaused(t *testing.T) {
	for took, want := range map[time.Duration]string{500 * time.Millisecond: "4000/s", time.Second: "3000/s", 6 * time.Second: "500/s", time.Hour: "150/s"} {
		if got := paused(3000, took).String(); got != want {
			t.Errorf("%v: %s, want %s", took, got, want)
		}
	}
}
