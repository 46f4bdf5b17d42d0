package watch

import (
	"context"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
)

// ChecksOf returns the checks of a pipeline's hops that can be made beside its
// work: MQTT would have to be heard from the first row on, and to look into
// Flink's table takes a job, for which there may be no slot.
func ChecksOf(p pipeline.Pipeline, oracle *wisdm.Oracle) map[string]Check {
	return map[string]Check{
		hop.Kafka: func(ctx context.Context) hop.Result {
			topic := p.KafkaProbe()
			last, err := topic.Last(ctx, 1)
			if err != nil {
				return hop.Errored(hop.Kafka, oracle.Count(), err)
			}
			topic.Unkeyed = len(last) > 0 && !last[0].Keyed // it came by Kafka Connect
			return topic.Check(ctx, oracle)
		},
		hop.Elasticsearch: func(ctx context.Context) hop.Result {
			index, err := p.ElasticProbe()
			if err != nil {
				return hop.Errored(hop.Elasticsearch, oracle.Count(), err)
			}
			return index.Check(ctx, oracle)
		},
	}
}
