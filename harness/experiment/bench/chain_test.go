package bench

import (
	"testing"
	"time"

	"hoplab.example/harness/verify/hop"
)

func TestChainSpeeds(t *testing.T) {
	var s chainSpeeds
	for _, seconds := range []time.Duration{1, 2, 4} {
		s.add([]hop.Result{
			{Hop: hop.MQTT, Actual: 1000, Span: seconds * time.Second},
			{Hop: hop.Kafka, Actual: 1000, Span: 2 * seconds * time.Second},
			{Hop: hop.Elasticsearch, Actual: 1000}, // which isn't a rate of 0
		})
	}
	figures := s.figures(1000)
	if len(figures) != 2 || figures[0].Name != "chain: 1000 rows into mqtt" || figures[0].Ours.Median != 500 || figures[1].Ours.Median != 250 || !figures[1].Met {
		t.Errorf("%+v", figures)
	}
}
