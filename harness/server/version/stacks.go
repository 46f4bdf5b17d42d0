package version

import (
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/layout"
)

// classic is what everything works with.
func classic() Stack {
	return Stack{
		Name: "classic",
		Why: "The default: the newest versions that read and write one another directly. " +
			"Flink's SQL sink writes to Elasticsearch 7, which decides the rest.",
		Parts: []Part{
			mosquitto(), mochi(), kafka4(),
			connect("4.1.2", "connect", "Kafka's own version"),
			flink1("the last line of Flink 1, for which the Kafka and Elasticsearch 7 connectors work"),
			elasticsearch("7.17.29", "elasticsearch", "the last 7: Flink's elasticsearch-7 sink and go-elasticsearch 8 both work with it", component.Elasticsearch()),
			kibana("7.17.29", "Elasticsearch's own version, as its guide wants"),
			grafana("its manual names Elasticsearch 7.17, 8 and 9"),
			spark(), superset(),
		},
	}
}

// seed is as close to the lab that hoplab grew out of as still runs.
func seed() Stack {
	return Stack{
		Name: "seed",
		Why: "The original lab's shape, to show its traps: Elasticsearch 7.6.0 is too old for today's clients " +
			"(go-elasticsearch 8 refuses it), so the last hop of a run ends with an error here; and Kafka needs a ZooKeeper beside it.",
		Parts: []Part{
			mosquitto(), mochi(), zookeeper(), kafka3(),
			connect("3.9.2", "connect-3.9", "Kafka's own version"),
			flink1("the original's 1.11 doesn't run on Java 17; the connector for Elasticsearch 7 is the same"),
			elasticsearch("7.6.0", "elasticsearch-7.6", "the original's; it sends no X-Elastic-Product header, so go-elasticsearch 8 refuses it", component.Elasticsearch76()),
			kibana("7.6.0", "Elasticsearch's own version, as its guide wants"),
			grafana("the original took the latest, which reads Elasticsearch 7.6 with a warning in its query editor"),
			spark(), superset(),
		},
	}
}

// zookeeper comes with Kafka, in its pom and in its image.
func zookeeper() Part {
	return Part{
		Name: "zookeeper", Version: "3.8.4", Poms: []string{"kafka-3.9"}, java: kafkaJava,
		Why: "the one that comes with Kafka 3.9.2, in its image and among its jars",
	}.of(layout.Of("kafka").Image("3.9.2"), component.ZooKeeper())
}

func kafka3() Part {
	return Part{
		Name: "kafka", Version: "3.9.2", Poms: []string{"kafka-3.9"}, java: kafkaJava,
		Why: "the last line that works with ZooKeeper, as the original's 2.1 did; it runs on Java 17",
	}.of(layout.Of("kafka").Image("3.9.2"), component.KafkaWithZooKeeper())
}

// current is the newest of each.
func current() Stack {
	return Stack{
		Name: "current",
		Why: "The newest of each. The SQL sink for Elasticsearch that hoplab has (3.0.1-1.17) doesn't run on Flink 2, so its exporter ('lab export') carries " +
			"the rows from Kafka to Elasticsearch, and Flink reads the topic as a table. Labs 4 and 7, which are about that sink, need classic.",
		Parts: []Part{
			mosquitto(), mochi(), kafka4As("4.4.0", "kafka-4.4", component.Kafka()),
			connect("4.4.0", "connect-4.4", "Kafka's own version"),
			flink2("the newest for which a Kafka connector is released; the Elasticsearch connector is one for Flink 1, and fails", flinkComponents()...),
			elasticsearch("9.2.4", "elasticsearch-9", "the newest whose distribution can be had. It doesn't answer GET /; the image does", component.Elasticsearch()),
			kibana("9.2.4", "Elasticsearch's own version, as its guide wants"),
			grafana("its manual names Elasticsearch 7.17, 8 and 9"),
			spark(), superset(),
		},
	}
}
