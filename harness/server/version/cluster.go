package version

import "hoplab.example/harness/server/component"

// Cluster is the name of the stack with more than one node of Kafka, of Flink's
// TaskManager and of Elasticsearch, in the default stack's versions. [All] lacks it.
const Cluster = "cluster"

func cluster() Stack {
	return Stack{
		Name: Cluster,
		Why:  "The default stack's versions as a small cluster, for the scenario in which a node of each is killed.",
		Parts: []Part{
			mosquitto(), mochi(),
			kafka4As("4.1.2", "kafka", component.KafkaNodes()...),
			flink1As("the default stack's", component.FlinkNodes()...),
			elasticsearch("7.17.29", "elasticsearch", "the default stack's", component.ElasticsearchNodes()...),
		},
	}
}
