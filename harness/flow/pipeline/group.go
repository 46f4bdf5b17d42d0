package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access/dial"
)

// group is the consumer group in whose name lab 7's job reads, of the topic's
// name.
func (p Pipeline) group() string { return p.Names.Topic }

// NoOffsetsError says that a consumer group has committed no offset of the run's
// topic.
type NoOffsetsError struct{ Group string }

func (e *NoOffsetsError) Error() string {
	return fmt.Sprintf("the consumer group %q has committed no offset in Kafka", e.Group)
}

// Hint says how it would.
func (e *NoOffsetsError) Hint() string {
	return "a job commits at each checkpoint, in the name of 'properties.group.id'"
}

// asGroup asks the broker that keeps the group's offsets.
func (p Pipeline) asGroup(ctx context.Context, ask func(*kafka.Client) error) error {
	client := p.kafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	err := ask(client)
	var network *net.OpError
	if errors.As(err, &network) {
		return dial.Explain("kafka", p.Kafka(), p.Access["kafka"], err)
	}
	return err
}

// Committed returns the offset that the group of the topic's name has committed,
// by partition of the topic. A group that has none is a *NoOffsetsError.
func (p Pipeline) Committed(ctx context.Context) (map[int]int64, error) {
	offsets := map[int]int64{}
	err := p.asGroup(ctx, func(client *kafka.Client) error {
		answer, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: p.group()})
		if err != nil {
			return fmt.Errorf("ask for the offsets of the group %q: %w", p.group(), err)
		}
		for _, part := range answer.Topics[p.Names.Topic] {
			if part.Error == nil && part.CommittedOffset >= 0 {
				offsets[part.Partition] = part.CommittedOffset
			}
		}
		return answer.Error
	})
	if err == nil && len(offsets) == 0 {
		err = &NoOffsetsError{p.group()}
	}
	return offsets, err
}

// SetBack commits 0 wherever the group has committed an offset, as if it had read
// nothing yet. Nobody may read in its name meanwhile.
func (p Pipeline) SetBack(ctx context.Context) error {
	offsets, err := p.Committed(ctx)
	if err != nil {
		return err
	}
	var back []kafka.OffsetCommit
	for partition := range offsets {
		back = append(back, kafka.OffsetCommit{Partition: partition})
	}
	return p.asGroup(ctx, func(client *kafka.Client) error {
		answer, err := client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
			GroupID: p.group(), GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{p.Names.Topic: back},
		})
		if err != nil {
			return fmt.Errorf("set the offsets of the group %q back: %w", p.group(), err)
		}
		var errs []error
		for _, part := range answer.Topics[p.Names.Topic] {
			errs = append(errs, part.Error)
		}
		return errors.Join(errs...)
	})
}

// RemoveGroup has Kafka forget the group. One that isn't there is no error.
func (p Pipeline) RemoveGroup(ctx context.Context) error {
	return p.asGroup(ctx, func(client *kafka.Client) error {
		answer, err := client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{p.group()}})
		if err != nil {
			return fmt.Errorf("remove the group %q: %w", p.group(), err)
		}
		if err := answer.Errors[p.group()]; !errors.Is(err, kafka.GroupIdNotFound) {
			return err
		}
		return nil
	})
}
