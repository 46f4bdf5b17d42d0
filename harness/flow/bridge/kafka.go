package bridge

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/server/access/dial"
)

// sink is where records go.
type sink interface {
	// prepare makes sure that there is something to write to, and returns the name
	// of the cluster that has it.
	prepare(ctx context.Context) (cluster string, err error)
	// write returns nil once every record is safe. Otherwise it returns those
	// that may not be, in their order; some of them may be there all the same.
	// Records of one key are written in order or not at all.
	write(ctx context.Context, records []kafka.Message) (left []kafka.Message, err error)
	close()
}

// permanentError is one that trying again doesn't fix.
type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

func isPermanent(err error) bool { return errors.As(err, new(permanentError)) }

const kafkaLimit = 10 * time.Second // for one answer of Kafka

// kafkaSink writes each partition's share of a batch as one request, so that a
// share is stored whole or not at all. The Writer of kafka-go is left aside
// because it may cut a share into several, asks for metadata once a record, and
// delays every batch by a timer (writer.go of 0.4.51).
type kafkaSink struct {
	cfg        Config
	client     *kafka.Client
	balancer   kafka.Balancer
	partitions []int
}

func newKafkaSink(cfg Config) *kafkaSink {
	transport := dial.Kafka(cfg.KafkaLogin)
	transport.ClientID, transport.Dial = cmp.Or(cfg.ClientID, "hoplab-bridge"), cfg.dialKafka
	return &kafkaSink{
		cfg: cfg,
		client: &kafka.Client{
			Addr:      kafka.TCP(cfg.Kafka...),
			Transport: transport,
			Timeout:   kafkaLimit,
		},
		// Java's own choice: other producers agree on a key's partition.
		balancer: kafka.Murmur2Balancer{Consistent: true},
	}
}

func (s *kafkaSink) close() {
	if t, ok := s.client.Transport.(*kafka.Transport); ok {
		t.CloseIdleConnections()
	}
}

// prepare creates the topic, where absent, and learns its partitions. A cluster
// without an id is named after its addresses.
func (s *kafkaSink) prepare(ctx context.Context) (cluster string, err error) {
	ctx, cancel := context.WithTimeout(ctx, kafkaLimit)
	defer cancel()
	if err := s.create(ctx); err != nil {
		return "", err
	}
	meta, err := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{s.cfg.Topic}})
	if err != nil {
		return "", s.explain("ask for", err)
	}
	for _, t := range meta.Topics {
		if t.Name == s.cfg.Topic && t.Error == nil && len(t.Partitions) > 0 {
			s.partitions = make([]int, len(t.Partitions))
			for i := range s.partitions {
				s.partitions[i] = i
			}
			return cmp.Or(meta.ClusterID, strings.Join(s.cfg.Kafka, ",")), nil
		}
	}
	return "", s.explain("find", kafka.UnknownTopicOrPartition)
}

// create makes the topic, where absent.
func (s *kafkaSink) create(ctx context.Context) error {
	res, err := s.client.CreateTopics(ctx, topic.Request(s.cfg.Topic, s.cfg.Partitions))
	if err != nil {
		return s.explain("create", s.refusal(ctx, err))
	}
	err = res.Errors[s.cfg.Topic]
	if err == nil || errors.Is(err, kafka.TopicAlreadyExists) {
		return nil
	}
	return s.explain("create", err)
}

// refusal returns Kafka's refusal of the login where that is behind err: of all
// requests, kafka-go reports it for metadata only.
func (s *kafkaSink) refusal(ctx context.Context, err error) error {
	if !errors.Is(err, kafka.BrokerNotAvailable) {
		return err
	}
	if _, asked := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{s.cfg.Topic}}); dial.Refused(asked) {
		return asked
	}
	return err
}

// explain adds what was tried, and marks what trying again can't fix.
func (s *kafkaSink) explain(tried string, err error) error {
	if dial.Refused(err) {
		return permanentError{fmt.Errorf("%s topic %q: %w", tried, s.cfg.Topic, dial.Explain("kafka", strings.Join(s.cfg.Kafka, ","), s.cfg.KafkaLogin, err))}
	}
	wrapped := fmt.Errorf("%s topic %q of Kafka at %s: %w", tried, s.cfg.Topic, strings.Join(s.cfg.Kafka, ","), err)
	if hint := hints[kafkaCode(err)]; hint != "" {
		return permanentError{fmt.Errorf("%w; %s", wrapped, hint)}
	}
	return wrapped
}

// hints has the errors of Kafka that a retry can't fix. Sources: LogValidator.java of
// apache/kafka; KIP-937 for 3.6, KIP-464 for 2.4.
var hints = map[kafka.Error]string{
	kafka.MessageSizeTooLarge:         "raise the topic's max.message.bytes and start the bridge again: nothing is lost",
	kafka.InvalidRecord:               "a compacted topic takes no message without a key, and only rows have one: set the topic's cleanup.policy=delete and start the bridge again",
	kafka.InvalidTimestamp:            "an event_time lies too far ahead: raise the topic's message.timestamp.after.max.ms and start the bridge again",
	kafka.TopicAuthorizationFailed:    "give the bridge the right to write to it",
	kafka.ClusterAuthorizationFailed:  "give the bridge the right to create it, or create it with retention.ms=-1",
	kafka.InvalidTopic:                "choose a topic of letters, digits, '.', '_' and '-'",
	kafka.InvalidPartitionNumber:      "ask for at least one partition",
	kafka.InvalidReplicationFactor:    "start more Kafka brokers, or create the topic with retention.ms=-1",
	kafka.PolicyViolation:             "the cluster's policy forbids it; create the topic with retention.ms=-1",
	kafka.InvalidConfiguration:        "this Kafka is too old for message.timestamp.after.max.ms (3.6); create the topic with retention.ms=-1",
	kafka.UnsupportedForMessageFormat: "this Kafka is too old; the bridge needs 2.4 or later",
}

func kafkaCode(err error) (code kafka.Error) {
	errors.As(err, &code)
	return code
}

// write sends the shares of all partitions at once.
func (s *kafkaSink) write(ctx context.Context, records []kafka.Message) ([]kafka.Message, error) {
	shares := make([][]kafka.Message, len(s.partitions))
	for _, r := range records {
		p := s.balancer.Balance(r, s.partitions...)
		shares[p] = append(shares[p], r)
	}
	errs := make([]error, len(shares))
	var wg sync.WaitGroup
	for p, share := range shares {
		if len(share) > 0 {
			wg.Go(func() { errs[p] = s.produce(ctx, p, share) })
		}
	}
	wg.Wait()
	var left []kafka.Message
	for p, err := range errs {
		if err != nil {
			left = append(left, shares[p]...)
		}
	}
	return left, errors.Join(errs...)
}

func (s *kafkaSink) produce(ctx context.Context, partition int, share []kafka.Message) error {
	ctx, cancel := context.WithTimeout(ctx, kafkaLimit)
	defer cancel()
	res, err := s.client.Produce(ctx, &kafka.ProduceRequest{
		Topic:        s.cfg.Topic,
		Partition:    partition,
		RequiredAcks: kafka.RequireAll,
		Records:      &reader{left: share},
	})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return s.explain("write to", err)
	}
	return nil
}

// reader hands a share to kafka-go without a copy.
type reader struct {
	left       []kafka.Message
	record     kafka.Record
	key, value body
}

func (r *reader) ReadRecord() (*kafka.Record, error) {
	if len(r.left) == 0 {
		return nil, io.EOF
	}
	m := r.left[0]
	r.left = r.left[1:]
	r.record = kafka.Record{Time: m.Time, Headers: m.Headers, Value: r.value.of(m.Value)}
	if m.Key != nil {
		r.record.Key = r.key.of(m.Key)
	}
	return &r.record, nil
}

type body struct{ bytes.Reader }

func (b *body) Close() error { return nil }

func (b *body) of(data []byte) *body {
	b.Reset(data)
	return b
}
