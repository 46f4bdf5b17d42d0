package scale

import (
	"fmt"
	"sync"
	"testing"

	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
)

// TestPublishersAndBridgesShareTheSubjects: three publishers, each with its part of the
// subjects and an MQTT topic of its own, and a bridge for each fill one topic of Kafka:
// every row once, keyed by subject, each subject's in order.
func TestPublishersAndBridgesShareTheSubjects(t *testing.T) {
	const parts = 3
	s := scenario.Need(t, "mosquitto", "kafka")
	p := s.Pipeline()
	input, oracle := scenario.Rows(t, 22, 3000)
	var group sync.WaitGroup
	for part := range parts {
		q := p
		q.Names.Source += fmt.Sprintf("_%d", part+1)
		bridge, err := q.StartBridge(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := bridge.Stop(); err != nil {
				t.Error(err)
			}
		})
		config := q.PublishConfig(wisdm.WithShare(input, wisdm.Share{Part: part + 1, Of: parts}))
		config.Base = wisdm.DefaultBase
		group.Go(func() {
			if stats, err := publish.Run(t.Context(), config); err != nil || stats.Rows == 0 {
				t.Errorf("part %d: %d rows, %v", part+1, stats.Rows, err)
			}
		})
	}
	group.Wait()
	topic := p.KafkaProbe()
	scenario.Await(t, topic.Count, oracle.Count())
	scenario.Passed(t, topic.Check(t.Context(), oracle))
}
