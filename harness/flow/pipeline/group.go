package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access/dial"
)

// Group is a consumer group of Kafka that reads a run's topic.
type Group struct {
	Name string
	run  Pipeline
}

// Group returns the group in whose name lab 7's job reads, which has the topic's
// name.
func (p Pipeline) Group() Group { return p.GroupOf(p.Names.Topic) }

// GroupOf returns another group that reads the run's topic.
func (p Pipeline) GroupOf(name string) Group { return Group{Name: name, run: p} }

// NoOffsetsError is the error for a consumer group that has committed no offset of
// the run's topic.
type NoOffsetsError struct{ Group string }

func (e *NoOffsetsError) Error() string {
	return fmt.Sprintf("the consumer group %q has committed no offset in Kafka", e.Group)
}

// Hint says what makes a job commit.
func (e *NoOffsetsError) Hint() string {
	return "a job commits at each checkpoint, in the name of 'properties.group.id'"
}

func (g Group) ask(question func(*kafka.Client) error) error {
	client := g.run.KafkaClient()
	defer client.Transport.(*kafka.Transport).CloseIdleConnections()
	err := question(client)
	var network *net.OpError
	if errors.As(err, &network) {
		return dial.Explain("kafka", g.run.Kafka(), g.run.Access["kafka"], err)
	}
	return err
}

// Committed returns the offset that the group has committed for each partition of
// the topic. A group that has committed none is a *NoOffsetsError.
func (g Group) Committed(ctx context.Context) (map[int]int64, error) {
	offsets := map[int]int64{}
	err := g.ask(func(client *kafka.Client) error {
		answer, err := client.OffsetFetch(ctx, &kafka.OffsetFetchRequest{GroupID: g.Name})
		if err != nil {
			return fmt.Errorf("ask for the offsets of the group %q: %w", g.Name, err)
		}
		for _, part := range answer.Topics[g.run.Names.Topic] {
			if part.Error == nil && part.CommittedOffset >= 0 {
				offsets[part.Partition] = part.CommittedOffset
			}
		}
		return answer.Error
	})
	if err == nil && len(offsets) == 0 {
		err = &NoOffsetsError{g.Name}
	}
	return offsets, err
}

// SetBack commits 0 wherever the group has committed an offset, as if it had read
// nothing yet. No job may read in its name meanwhile.
func (g Group) SetBack(ctx context.Context) error {
	offsets, err := g.Committed(ctx)
	if err != nil {
		return err
	}
	var back []kafka.OffsetCommit
	for partition := range offsets {
		back = append(back, kafka.OffsetCommit{Partition: partition})
	}
	return g.ask(func(client *kafka.Client) error {
		answer, err := client.OffsetCommit(ctx, &kafka.OffsetCommitRequest{
			GroupID: g.Name, GenerationID: -1, Topics: map[string][]kafka.OffsetCommit{g.run.Names.Topic: back},
		})
		if err != nil {
			return fmt.Errorf("set the offsets of the group %q back: %w", g.Name, err)
		}
		var errs []error
		for _, part := range answer.Topics[g.run.Names.Topic] {
			errs = append(errs, part.Error)
		}
		return errors.Join(errs...)
	})
}

// Assigned returns the partitions of the run's topic that each member of the group has,
// and the group's state, which is Stable where nothing is about to change.
func (g Group) Assigned(ctx context.Context) (state string, members [][]int, err error) {
	err = g.ask(func(client *kafka.Client) error {
		found, err := client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{g.Name}})
		if err != nil {
			return fmt.Errorf("ask for the members of the group %q: %w", g.Name, err)
		}
		for _, group := range found.Groups {
			if group.Error != nil {
				return fmt.Errorf("ask for the members of the group %q: %w", g.Name, group.Error)
			}
			state = group.GroupState
			for _, m := range group.Members {
				var parts []int
				for _, t := range m.MemberAssignments.Topics {
					if t.Topic == g.run.Names.Topic {
						parts = append(parts, t.Partitions...)
					}
				}
				members = append(members, parts)
			}
		}
		return nil
	})
	return state, members, err
}

// Evict removes the members of the group that have ended without leaving it: until their
// session times out, the others would wait for them, and the group couldn't be deleted.
func (g Group) Evict(ctx context.Context) error {
	return g.ask(func(client *kafka.Client) error {
		found, err := client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{g.Name}})
		if err != nil {
			return fmt.Errorf("ask for the members of the group %q: %w", g.Name, err)
		}
		for _, group := range found.Groups {
			for _, m := range group.Members {
				_, err := client.LeaveGroup(ctx, &kafka.LeaveGroupRequest{GroupID: g.Name, Members: []kafka.LeaveGroupRequestMember{{ID: m.MemberID}}})
				if err != nil {
					return fmt.Errorf("remove a member of the group %q: %w", g.Name, err)
				}
			}
		}
		return nil
	})
}

// Remove deletes the group in Kafka. One that isn't there isn't an error.
func (g Group) Remove(ctx context.Context) error {
	return g.ask(func(client *kafka.Client) error {
		answer, err := client.DeleteGroups(ctx, &kafka.DeleteGroupsRequest{GroupIDs: []string{g.Name}})
		if err != nil {
			return fmt.Errorf("remove the group %q: %w", g.Name, err)
		}
		if err := answer.Errors[g.Name]; !errors.Is(err, kafka.GroupIdNotFound) {
			return err
		}
		return nil
	})
}
