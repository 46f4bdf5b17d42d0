package bench

import (
	"testing"
	"time"

	"hoplab.example/harness/verify/hop"
)

func TestByName(t *testing.T) {
	var s byName
	for _, seconds := range []time.Duration{1, 2, 4} {
		s.rates([]hop.Result{
			{Hop: hop.MQTT, Actual: 1000, Span: seconds * time.Second},
			{Hop: hop.Kafka, Actual: 1000, Span: 2 * seconds * time.Second},
			{Hop: hop.Elasticsearch, Actual: 1000}, // which isn't a rate of 0
		})
	}
	figures := s.figures("chain: 1000 rows into %s", "rows/s", Higher)
	if len(figures) != 2 || figures[0].Name != "chain: 1000 rows into mqtt" || figures[0].Ours.Median != 500 || figures[1].Ours.Median != 250 || !figures[1].Met {
		t.Errorf("%+v", figures)
	}
	var cpu byName
	cpu.parts(map[string]time.Duration{"bridge": 3 * time.Millisecond, "": time.Millisecond}, 1000)
	figures = cpu.figures("CPU of %s", "µs/row", Lower)
	if len(figures) != 2 || figures[0].Name != "CPU of the rest" || figures[0].Ours.Median != 1 || figures[1].Ours.Median != 3 {
		t.Errorf("%+v", figures)
	}
}
