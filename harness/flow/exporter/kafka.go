package exporter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access/dial"
)

const (
	kafkaLimit   = 10 * time.Second       // for one answer of Kafka
	metadataLife = 200 * time.Millisecond // to see a topic that was just made
)

// kafkaSource is a member of a consumer group. It commits at its user's word
// only, and then waits for Kafka's.
type kafkaSource struct {
	cfg         Config
	client      *kafka.Client
	reader      *kafka.Reader // from prepare on
	writer      *kafka.Writer // to the topic of rejected messages
	hasRejected bool
}

func newKafkaSource(cfg Config) *kafkaSource {
	transport := dial.Kafka(cfg.KafkaLogin)
	transport.MetadataTTL = metadataLife
	addr := kafka.TCP(cfg.Kafka...)
	return &kafkaSource{
		cfg:    cfg,
		client: &kafka.Client{Addr: addr, Transport: transport, Timeout: kafkaLimit},
		writer: &kafka.Writer{
			Addr: addr, Transport: transport, Topic: cfg.Rejected, RequiredAcks: kafka.RequireAll, BatchTimeout: time.Millisecond,
		},
	}
}

// prepare waits for the topic: a consumer group that began without it would never see it.
// It also reports a refused login, which the group would try again forever.
func (s *kafkaSource) prepare(ctx context.Context) error {
	partitions, err := s.partitions(ctx)
	if err != nil {
		return s.explain("read", s.cfg.Topic, err)
	}
	if s.cfg.FromBeginning {
		if err := s.forget(ctx, partitions); err != nil {
			return s.explain(fmt.Sprintf("have the group %q forget its offsets of", s.cfg.Group), s.cfg.Topic, err)
		}
	}
	s.reader = kafka.NewReader(kafka.ReaderConfig{
		Brokers: s.cfg.Kafka, Dialer: dial.KafkaDialer(s.cfg.KafkaLogin),
		GroupID: s.cfg.Group, Topic: s.cfg.Topic, StartOffset: kafka.FirstOffset, WatchPartitionChanges: true,
		QueueCapacity: s.cfg.MaxBatch, MaxBytes: 10 << 20, MaxWait: 100 * time.Millisecond,
	})
	return nil
}

func (s *kafkaSource) partitions(ctx context.Context) (ids []int, err error) {
	meta, err := s.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{s.cfg.Topic}})
	if err != nil {
		return nil, err
	}
	for _, t := range meta.Topics {
		if t.Name != s.cfg.Topic {
			continue
		}
		for _, p := range t.Partitions {
			ids = append(ids, p.ID)
		}
		return ids, t.Error
	}
	return nil, kafka.UnknownTopicOrPartition
}

var errGroupReads = permanentError{errors.New("another exporter of this group is running: end it first (one that was killed counts for 30 s more)")}

// forget deletes the group's offsets, whose absence has it begin with the first
// record. What is deleted under a member's feet, the member commits again.
func (s *kafkaSource) forget(ctx context.Context, partitions []int) error {
	groups, err := s.client.DescribeGroups(ctx, &kafka.DescribeGroupsRequest{GroupIDs: []string{s.cfg.Group}})
	if err != nil {
		return err
	}
	for _, g := range groups.Groups {
		if len(g.Members) > 0 {
			return errGroupReads
		}
	}
	res, err := s.client.OffsetDelete(ctx, &kafka.OffsetDeleteRequest{GroupID: s.cfg.Group, Topics: map[string][]int{s.cfg.Topic: partitions}})
	if err != nil {
		return err
	}
	for _, p := range res.Topics[s.cfg.Topic] {
		err = errors.Join(err, p.Error)
	}
	if errors.Is(res.Error, kafka.GroupIdNotFound) { // it has none
		return nil
	}
	return errors.Join(err, res.Error)
}

func (s *kafkaSource) fetch(ctx context.Context) (kafka.Message, error) {
	m, err := s.reader.FetchMessage(ctx)
	if err != nil {
		return m, s.explain("read", s.cfg.Topic, err)
	}
	return m, nil
}

func (s *kafkaSource) commit(ctx context.Context, messages []kafka.Message) error {
	ctx, cancel := context.WithTimeout(ctx, kafkaLimit)
	defer cancel()
	if err := s.reader.CommitMessages(ctx, messages...); err != nil {
		return s.explain("commit offsets of", s.cfg.Topic, err)
	}
	return nil
}

func (s *kafkaSource) close() {
	if s.reader != nil {
		s.reader.Close()
	}
	s.writer.Close()
	s.client.Transport.(*kafka.Transport).CloseIdleConnections()
}

// explain adds what was tried, and marks a refused login, which trying again
// doesn't fix.
func (s *kafkaSource) explain(tried, topic string, err error) error {
	addrs := strings.Join(s.cfg.Kafka, ",")
	err = dial.Explain("kafka", addrs, s.cfg.KafkaLogin, err)
	wrapped := fmt.Errorf("%s topic %q of Kafka at %s: %w", tried, topic, addrs, err)
	if dial.Refused(err) {
		return permanentError{wrapped}
	}
	return wrapped
}
