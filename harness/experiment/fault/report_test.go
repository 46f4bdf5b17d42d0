package fault

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/util/golden"
	"hoplab.example/harness/verify/hop"
)

func number(n int64) *int64 { return &n }

// results are one of each kind.
func results() []Result {
	all := []Result{
		{Case: "kill kafka", Rows: 11445, Seen: []Seen{
			{Hop: hop.MQTT, Recovered: 200 * time.Millisecond}, {Hop: hop.Kafka, Repeated: 12, Recovered: 15900 * time.Millisecond},
			{Hop: hop.Elasticsearch, Recovered: 17 * time.Second},
		}},
		{Case: "kill connect", Rows: 9048, Loses: "its own queue", Seen: []Seen{
			{Hop: hop.MQTT}, {Hop: hop.Kafka, Lost: 307}, {Hop: hop.Elasticsearch, Lost: 307},
		}},
		{Case: "pause connect", Rows: 9048, Loses: "its own queue", Seen: []Seen{
			{Hop: hop.MQTT}, {Hop: hop.Kafka}, {Hop: hop.Elasticsearch},
		}},
		{Case: "kill flink-jobmanager", Rows: 7749, Seen: []Seen{
			{Hop: hop.MQTT}, {Hop: hop.Kafka}, {Hop: hop.Elasticsearch, Lost: 1000},
		}},
	}
	for i := range all {
		all[i].Wrong = all[i].wrong()
	}
	return all
}

func TestReport(t *testing.T) {
	r := Report{Runtime: "local", Results: results()}
	if n := r.Wrong(); n != 1 {
		t.Errorf("%d cases are wrong, want 1", n)
	}
	var printed bytes.Buffer
	r.Print(&printed)
	for name, got := range map[string]string{"report.txt": printed.String(), "report.md": r.Markdown()} {
		golden.Check(t, filepath.Join("testdata", name), got)
	}
}

// TestWrong: what is allowed of each hop, and what isn't.
func TestWrong(t *testing.T) {
	for _, test := range []struct {
		name                 string
		mqtt, kafka, elastic Seen
		loses                string
		told                 *int64
		want                 string // "" for nothing
	}{
		{name: "all well"},
		{name: "repeats on the way", mqtt: Seen{Repeated: 9}, kafka: Seen{Repeated: 7}},
		{name: "not acknowledged", mqtt: Seen{Lost: 1}, want: "mqtt: 1 of 100 rows are lost"},
		{name: "lost before Kafka", kafka: Seen{Lost: 2}, elastic: Seen{Lost: 2}, want: "kafka: 2 of 100 rows are lost"},
		{name: "lost after Kafka", elastic: Seen{Lost: 3}, want: "elasticsearch: 3 of 100 rows are lost"},
		{name: "twice in Elasticsearch", elastic: Seen{Repeated: 1}, want: "1 rows are there more than once"},
		{name: "another value", kafka: Seen{Problem: "x is 1"}, want: "kafka: x is 1"},
		{name: "may lose before Kafka", loses: "a queue", kafka: Seen{Lost: 2}, elastic: Seen{Lost: 2}},
		{name: "may lose, and not after Kafka", loses: "a queue", kafka: Seen{Lost: 2}, elastic: Seen{Lost: 3}, want: "elasticsearch: 1 of 100 rows are lost"},
		{name: "may lose, not twice", loses: "a queue", elastic: Seen{Repeated: 1}, want: "more than once"},
		{name: "told", loses: "a queue", told: number(2), kafka: Seen{Lost: 2}, elastic: Seen{Lost: 2}},
		{name: "not told", loses: "a queue", told: number(1), kafka: Seen{Lost: 2}, elastic: Seen{Lost: 2}, want: "2 rows are lost, and the server says 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.mqtt.Hop, test.kafka.Hop, test.elastic.Hop = hop.MQTT, hop.Kafka, hop.Elasticsearch
			r := Result{Rows: 100, Loses: test.loses, Told: test.told, Seen: []Seen{test.mqtt, test.kafka, test.elastic}}
			if got := r.wrong(); (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("wrong = %q, want %q", got, test.want)
			}
		})
	}
}

// TestCases: each server is killed and paused, in the short form too, and no name
// is there twice.
func TestCases(t *testing.T) {
	names := map[string]bool{}
	var short []string
	for _, c := range Cases() {
		if names[c.Name] {
			t.Errorf("there are two cases %q", c.Name)
		}
		names[c.Name] = true
		if c.Short {
			short = append(short, c.Name)
		}
		if c.pull == nil || c.Connect != strings.Contains(c.Name, "connect") {
			t.Errorf("case %q does nothing, or with another bridge", c.Name)
		}
	}
	for _, server := range append(Core[:len(Core)-1:len(Core)-1], "bridge", "connect") {
		if !strings.Contains(strings.Join(short, "\n"), "kill "+server) {
			t.Errorf("the short form doesn't kill %s", server)
		}
		paused := false
		for name := range names {
			paused = paused || strings.HasPrefix(name, "pause "+server+" for")
		}
		if !paused {
			t.Errorf("%s is never paused", server)
		}
	}
}
