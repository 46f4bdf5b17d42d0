package pipeline

import (
	"context"
	"errors"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/server/access/dial"
)

// bounds keep what a student's job can write into a topic to some 64 MiB: beyond that,
// Kafka deletes the oldest segments. Those that it has deleted stay on the disk for
// file.delete.delay.ms, by default a minute.
var bounds = []kafka.ConfigEntry{
	{ConfigName: "retention.bytes", ConfigValue: "67108864"},
	{ConfigName: "segment.bytes", ConfigValue: "16777216"},
	{ConfigName: "file.delete.delay.ms", ConfigValue: "1000"},
}

// CreateTopics makes topics beside the run's own, of so many partitions and a bounded size
// each. Kafka is configured not to make one for whoever writes to it first. One that is
// there already stays as it is.
func (p Pipeline) CreateTopics(ctx context.Context, names []string, partitions int) error {
	client := p.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	for _, name := range names {
		request := topic.Request(name, partitions)
		request.Topics[0].ConfigEntries = append(request.Topics[0].ConfigEntries, bounds...)
		made, err := client.CreateTopics(ctx, request)
		if err == nil {
			err = made.Errors[name]
		}
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
		}
	}
	return nil
}

// Brokers returns how many brokers Kafka has.
func (p Pipeline) Brokers(ctx context.Context) (int, error) {
	client := p.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	found, err := client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{}})
	if err != nil {
		return 0, dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	return len(found.Brokers), nil
}
