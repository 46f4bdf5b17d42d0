package pipeline

import (
	"context"

	"hoplab.example/harness/check/probe"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
)

// BridgeConfig says what hoplab's own bridge carries in this run.
func (p Pipeline) BridgeConfig() bridge.Config {
	return bridge.Config{
		Broker: p.brokerURL(), Login: p.Access[p.Broker], ClientID: p.client("bridge"), Source: p.Names.Source,
		Kafka: []string{p.Kafka()}, KafkaLogin: p.Access["kafka"], Topic: p.Names.Topic,
	}
}

// ExporterConfig says what hoplab's own exporter carries in this run. The group
// is the index's own: each index is to get all rows of the topic.
func (p Pipeline) ExporterConfig() exporter.Config {
	return exporter.Config{
		Kafka: []string{p.Kafka()}, KafkaLogin: p.Access["kafka"], Topic: p.Names.Topic,
		Group: "hoplab-exporter-" + p.Names.Index, Rejected: p.Names.Topic + "-rejected",
		Elasticsearch: p.Elasticsearch(), ElasticLogin: p.Access["elasticsearch"], Index: p.Names.Index,
	}
}

// PublishConfig says how rows are published in this run: flat out, with QoS 1.
func (p Pipeline) PublishConfig(input wisdm.Input) publish.Config {
	return publish.Config{
		Broker: p.brokerURL(), Login: p.Access[p.Broker], ClientID: p.client("publisher"), Topic: p.Names.Source,
		QoS: 1, Source: input,
	}
}

// Subscribe begins to listen to what is published in this run.
func (p Pipeline) Subscribe(ctx context.Context) (*probe.MQTT, error) {
	return probe.Subscribe(ctx, p.MQTT(), p.Access[p.Broker], p.Names.Source, p.client("probe"))
}

// KafkaProbe reads the run's topic.
func (p Pipeline) KafkaProbe() probe.Kafka {
	return probe.Kafka{Addr: p.Kafka(), Login: p.Access["kafka"], Topic: p.Names.Topic}
}

// ElasticProbe reads the run's index.
func (p Pipeline) ElasticProbe() (*probe.Elastic, error) {
	return probe.NewElastic(p.Elasticsearch(), p.Access["elasticsearch"], p.Names.Index)
}

// FlinkCount counts the rows that a job has read.
func (p Pipeline) FlinkCount(job string) probe.Counter {
	return probe.FlinkCount(p.Sites.Addr("flink-jobmanager", "rest"), p.Access["flink-jobmanager"], job)
}

// Flink returns a client of the stack's Flink.
func (p Pipeline) Flink() *flink.Client {
	return flink.NewAs(p.Sites.Addr("flink-gateway", "rest"), p.Access["flink-gateway"],
		p.Sites.Addr("flink-jobmanager", "rest"), p.Access["flink-jobmanager"])
}

func (p Pipeline) brokerURL() string { return dial.MQTTURL(p.Access[p.Broker], p.MQTT()) }

// client names the MQTT session of one of hoplab's own clients in this run.
func (p Pipeline) client(what string) string { return "hoplab-" + what + "-" + p.Names.Source }
