package watch

import (
	"context"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// ChecksOf returns the checks that can run while the pipeline works. MQTT isn't
// among them, because a check must hear it from the first row on, nor is Flink's
// table, because reading it takes a job, for which there may be no slot.
func ChecksOf(p pipeline.Pipeline, oracle *wisdm.Oracle) map[string]Check {
	return map[string]Check{
		hop.Kafka: func(ctx context.Context) hop.Result {
			topic := p.KafkaProbe()
			last, err := topic.Last(ctx, 1)
			if err != nil {
				return hop.Errored(hop.Kafka, oracle.Count(), err)
			}
			topic.Unkeyed = len(last) > 0 && !last[0].Keyed // written by Kafka Connect
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
