package watch

import (
	"strings"
	"testing"
)

// TestStations: each station but the publisher, which is hoplab's own, has the servers
// whose descriptions name it.
func TestStations(t *testing.T) {
	want := map[string]string{
		"publisher": "", "mqtt": "mosquitto mochi", "bridge": "connect", "kafka": "zookeeper kafka",
		"flink": "flink-jobmanager flink-taskmanager flink-gateway", "elasticsearch": "elasticsearch", "dashboards": "kibana grafana",
	}
	for _, s := range stations {
		if got := strings.Join(s.Parts, " "); got != want[s.ID] {
			t.Errorf("%s has %q, want %q", s.ID, got, want[s.ID])
		}
	}
}
