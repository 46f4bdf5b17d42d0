package pipeline

import (
	"context"
	"errors"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/server/access/dial"
)

// CreateTopics makes topics beside the run's own, of one partition each. Kafka is
// configured not to make one for whoever writes to it first. One that is there already
// stays as it is.
func (p Pipeline) CreateTopics(ctx context.Context, names []string) error {
	client := p.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	for _, name := range names {
		made, err := client.CreateTopics(ctx, topic.Request(name, 1))
		if err == nil {
			err = made.Errors[name]
		}
		if err != nil && !errors.Is(err, kafka.TopicAlreadyExists) {
			return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
		}
	}
	return nil
}
