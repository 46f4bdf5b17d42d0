package watch

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// keptRows is how many of the latest rows are shown.
const keptRows = 4

var absent = Reading{Absent: true, Note: "not in this run"}

// stack is the source that reads a pipeline's servers.
type stack struct {
	pipeline.Pipeline
	components func(context.Context) ([]Component, error)
	ownJobs    bool

	begun    bool
	listener *probe.Listener
	heard    int64 // by earlier listeners
	kafka    Reading
	flink    jobReader
	elastic  Reading
}

// NewSource returns a source that reads the servers of a pipeline. components
// describes the servers themselves, and may be nil if nothing is known of them. With
// ownJobs, Flink's hop shows a job of the pipeline's names or none, otherwise the likeliest.
func NewSource(p pipeline.Pipeline, components func(context.Context) ([]Component, error), ownJobs bool) Source {
	return &stack{Pipeline: p, components: components, ownJobs: ownJobs}
}

// Read reads the hops concurrently. The first time it reads them one by one, from
// the last to the first: a row that arrives meanwhile then never counts as growth
// at one hop and not at the next.
func (s *stack) Read(ctx context.Context) Sample {
	names := []string{hop.Elasticsearch, hop.Flink, hop.Kafka, hop.MQTT}
	read := []func(context.Context) Reading{s.readElastic, s.readFlink, s.readKafka, s.readMQTT}
	found := make([]Reading, len(read))
	var group sync.WaitGroup
	for i, one := range read {
		if s.begun {
			group.Go(func() { found[i] = one(ctx) })
		} else {
			found[i] = one(ctx)
		}
	}
	sample := Sample{Hops: map[string]Reading{}, Components: s.readComponents(ctx)}
	group.Wait()
	for i, name := range names {
		sample.Hops[name] = found[i]
	}
	s.begun = true
	return sample
}

// Close ends the subscription.
func (s *stack) Close() {
	if s.listener != nil {
		s.listener.Close()
	}
	*s = stack{Pipeline: s.Pipeline, components: s.components, ownJobs: s.ownJobs}
}

func (s *stack) readComponents(ctx context.Context) []Component {
	if s.components == nil {
		return nil
	}
	list, err := s.components(ctx)
	if err != nil {
		return []Component{{Name: "the run", Phase: "unknown", Error: err.Error(), Hint: "'lab status' shows which runs are up"}}
	}
	return list
}

func (s *stack) readMQTT(ctx context.Context) Reading {
	if s.MQTT() == "" {
		return absent
	}
	if s.listener == nil {
		listener, err := probe.Listen(ctx, s.MQTT(), s.Access[s.Broker], s.Names.Source, "hoplab-watch-"+rand.Text(), keptRows)
		if err != nil {
			return Reading{Err: err}
		}
		s.listener = listener
	}
	count, last, err := s.listener.Heard()
	if err != nil {
		s.listener.Close()
		s.listener, s.heard = nil, s.heard+count
		return Reading{Err: err}
	}
	r := Reading{Rows: s.heard + count, Passed: s.heard + count, Note: "while this page is open"}
	for _, payload := range last {
		r.Last = append(r.Last, Row{Text: string(payload)})
	}
	return r
}

func (s *stack) readKafka(ctx context.Context) Reading {
	if s.Kafka() == "" {
		return absent
	}
	topic := s.KafkaProbe()
	count, err := topic.Count(ctx)
	switch {
	case errors.Is(err, kafka.UnknownTopicOrPartition):
		s.kafka = Reading{Note: fmt.Sprintf("there is no topic %s yet", s.Names.Topic)}
		return s.kafka
	case err != nil:
		return Reading{Err: err}
	case count == s.kafka.Rows && s.kafka.Note == "":
		return s.kafka
	}
	records, err := topic.Last(ctx, keptRows)
	if err != nil {
		return Reading{Err: err}
	}
	s.kafka = Reading{Rows: count, Passed: count}
	for _, r := range records {
		s.kafka.Last = append(s.kafka.Last, Row{fmt.Sprintf("partition %d, offset %d", r.Partition, r.Offset), string(r.Value)})
	}
	return s.kafka
}

func (s *stack) readElastic(ctx context.Context) Reading {
	if s.Elasticsearch() == "" {
		return absent
	}
	index, err := s.ElasticProbe()
	if err != nil {
		return Reading{Err: err}
	}
	count, err := index.Count(ctx)
	if err != nil {
		return Reading{Err: err}
	}
	if count == 0 {
		s.elastic = Reading{Note: fmt.Sprintf("index %s is empty, or not there yet", s.Names.Index)}
		return s.elastic
	}
	passed, err := index.Writes(ctx)
	if err != nil { // a login may be allowed to read rows but not statistics
		passed = count
	}
	if count == s.elastic.Rows && passed == s.elastic.Passed {
		return s.elastic
	}
	documents, err := index.Last(ctx, keptRows)
	if err != nil {
		return Reading{Err: err}
	}
	s.elastic = Reading{Rows: count, Passed: passed}
	for _, d := range documents {
		s.elastic.Last = append(s.elastic.Last, Row{"_id " + d.ID, string(d.Source)})
	}
	return s.elastic
}
