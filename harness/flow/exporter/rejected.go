package exporter

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
)

// OriginHeader is the header of a rejected message that says where it was read:
// topic/partition/offset.
const OriginHeader = "hoplab-origin"

// marked is a message without a document as it goes to the topic for those: what it
// carries is untouched. The bridge's own word on it comes first, if it has one.
func marked(m kafka.Message, err error) kafka.Message {
	headers := slices.Clone(m.Headers)
	if !slices.ContainsFunc(headers, func(h kafka.Header) bool { return h.Key == topic.ErrorHeader }) {
		headers = append(headers, kafka.Header{Key: topic.ErrorHeader, Value: fmt.Appendf(nil, "%.200s", err.Error())})
	}
	headers = append(headers, kafka.Header{Key: OriginHeader, Value: fmt.Appendf(nil, "%s/%d/%d", m.Topic, m.Partition, m.Offset)})
	return kafka.Message{Key: m.Key, Value: m.Value, Time: m.Time, Headers: headers}
}

// reject makes the topic when it is first needed. A message can get there twice,
// if what comes after it in its batch has to be done again.
func (s *kafkaSource) reject(ctx context.Context, messages []kafka.Message) error {
	if !s.hasRejected {
		if err := s.createRejected(ctx); err != nil {
			return s.explain("create", s.cfg.Rejected, err)
		}
		s.hasRejected = true
	}
	err := s.writer.WriteMessages(ctx, messages...)
	if err != nil {
		return s.explain("write to", s.cfg.Rejected, err)
	}
	return nil
}

func (s *kafkaSource) createRejected(ctx context.Context) error {
	res, err := s.client.CreateTopics(ctx, topic.Request(s.cfg.Rejected, 1))
	if err == nil {
		err = res.Errors[s.cfg.Rejected]
	}
	if errors.Is(err, kafka.TopicAlreadyExists) {
		return nil
	}
	return err
}
