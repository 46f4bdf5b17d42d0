package pipeline

import (
	"context"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/connect"
	"hoplab.example/harness/client/elastic"
	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/verify/probe"
)

// BridgeConfig returns the config of hoplab's own bridge for this run.
func (p Pipeline) BridgeConfig() bridge.Config {
	return bridge.Config{
		Broker: p.brokerURL(), Login: p.Access[p.Broker], ClientID: p.clientID("bridge"), Source: p.Names.Source,
		Kafka: []string{p.Kafka()}, KafkaLogin: p.Access["kafka"], Topic: p.Names.Topic, Record: wisdm.Record,
		Partitions: p.Scale.Partitions,
	}
}

// ExporterConfig returns the config of hoplab's own exporter for this run. It names
// the topic of rejected messages, which cleanup deletes.
func (p Pipeline) ExporterConfig() exporter.Config {
	return exporter.Config{
		Kafka: []string{p.Kafka()}, KafkaLogin: p.Access["kafka"], Topic: p.Names.Topic, Rejected: p.Names.Topic + "-rejected",
		Elasticsearch: p.Elasticsearch(), ElasticLogin: p.Access["elasticsearch"], Index: p.Names.Index,
		Document: Document,
	}
}

// Document is exporter.Config.Document for rows: those that Flink's job writes.
func Document(m kafka.Message) (id string, source []byte, err error) { return wisdm.Document(m.Value) }

// PublishConfig returns the publisher's config for this run: as fast as possible,
// with QoS 1.
func (p Pipeline) PublishConfig(input wisdm.Input) publish.Config {
	return publish.Config{
		Broker: p.brokerURL(), Login: p.Access[p.Broker], ClientID: p.clientID("publisher"), Topic: p.Names.Source,
		QoS: 1, Source: input,
	}
}

// Subscribe begins to listen to what is published in this run.
func (p Pipeline) Subscribe(ctx context.Context) (*probe.MQTT, error) {
	return probe.Subscribe(ctx, p.MQTT(), p.Access[p.Broker], p.Names.Source, p.clientID("probe"))
}

// KafkaProbe reads the run's topic.
func (p Pipeline) KafkaProbe() probe.Kafka {
	return probe.Kafka{Topic: topic.Topic{Addr: p.Kafka(), Login: p.Access["kafka"], Name: p.Names.Topic}}
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

// ElasticClient returns a client of the stack's Elasticsearch that sets up indices
// and templates.
func (p Pipeline) ElasticClient() elastic.Client {
	return elastic.Client{Addr: p.Elasticsearch(), Login: p.Access["elasticsearch"]}
}

// adminLimit is how long Kafka may take to answer a question about topics and
// groups.
const adminLimit = 10 * time.Second

// KafkaClient returns a client of the stack's Kafka. Its idle connections are the
// caller's to close.
func (p Pipeline) KafkaClient() *kafka.Client {
	return &kafka.Client{Addr: dial.KafkaAddr(p.Kafka()), Timeout: adminLimit, Transport: dial.Kafka(p.Access["kafka"])}
}

// ConnectClient returns a client of the stack's Kafka Connect.
func (p Pipeline) ConnectClient() connect.Client {
	return connect.Client{Addr: p.Sites.Addr("connect", "rest"), Login: p.Access["connect"]}
}

func (p Pipeline) brokerURL() string { return dial.MQTTURL(p.Access[p.Broker], p.MQTT()) }

// clientID names the MQTT session of one of hoplab's own clients in this run.
func (p Pipeline) clientID(of string) string { return "hoplab-" + of + "-" + p.Names.Source }

// ClientIDs returns the names of the MQTT sessions that a run may leave behind.
func (p Pipeline) ClientIDs() []string {
	return []string{p.clientID("bridge"), p.clientID("publisher"), p.clientID("probe"), p.Params()["client"]}
}
