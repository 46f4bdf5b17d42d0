// Package exporter carries messages from a Kafka topic into an Elasticsearch index,
// at least once and without duplicates: a message always has the same document and
// _id, so that writing it again replaces it, and offsets are committed to Kafka only
// after Elasticsearch has acknowledged all documents before them.
//
// The files, in the order in which a message meets them: kafka.go (a consumer
// group), forward.go (batches and retries), document.go (a message's document),
// elastic.go (the bulk API), and rejected.go (where a message goes that has no
// document).
//
// A document that Elasticsearch can't take now is retried alone. One that the
// mapping rejects ends the exporter without a commit, since every later one
// would fail too.
package exporter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/wait"
)

// Config says what to carry where. The zero value of an optional field means
// its default.
type Config struct {
	Kafka      []string     // HOST:PORT of some of the brokers
	KafkaLogin access.Login // at each of them
	Topic      string       // default "smart"
	// Group is the consumer group, and names the offsets that Kafka keeps. The
	// default has the topic and the index in it: each index gets all rows.
	Group string
	// FromBeginning has the group forget its offsets of the topic, so all of it is
	// read again. It fails while another exporter of the group runs.
	FromBeginning bool
	Rejected      string // topic for messages without a document; default: Topic + "-rejected"

	Elasticsearch string       // HOST:PORT
	ElasticLogin  access.Login // there
	Index         string       // default "datuak"

	// Document returns a message's document and its _id, by which a message that is
	// read again replaces its document. One that it reports goes to the topic Rejected.
	// The default takes any JSON as it is, under an _id of topic, partition and offset.
	Document func(kafka.Message) (id string, source []byte, err error)

	MaxBatch   int           // documents in one bulk; default 1,000
	Linger     time.Duration // for a batch to grow; default 50 ms
	FlushLimit time.Duration // for the batch in flight when Run's context ends; default 10 s
}

func (c Config) withDefaults() (Config, error) {
	c.Topic = cmp.Or(c.Topic, "smart")
	c.Index = cmp.Or(c.Index, "datuak")
	c.Group = cmp.Or(c.Group, "hoplab-exporter-"+c.Topic+"-"+c.Index)
	c.Rejected = cmp.Or(c.Rejected, c.Topic+"-rejected")
	if c.Document == nil {
		c.Document = plain
	}
	c.MaxBatch = cmp.Or(c.MaxBatch, 1000)
	c.Linger = cmp.Or(c.Linger, 50*time.Millisecond)
	c.FlushLimit = cmp.Or(c.FlushLimit, 10*time.Second)
	switch {
	case len(c.Kafka) == 0:
		return c, errors.New("exporter: no Kafka address; give HOST:PORT of at least one broker")
	case c.Elasticsearch == "":
		return c, errors.New("exporter: no Elasticsearch address; give its HOST:PORT")
	case c.Rejected == c.Topic:
		return c, fmt.Errorf("exporter: rejected messages would go round in the topic %q; give them another", c.Topic)
	case c.MaxBatch < 0 || c.Linger < 0 || c.FlushLimit < 0:
		return c, errors.New("exporter: a limit is negative; leave it 0 for its default")
	}
	return c, nil
}

// Exporter is one member of a consumer group that fills one index. It is made by
// New and runs once.
type Exporter struct {
	cfg    Config
	source source
	sink   sink
	stats  counters

	trouble atomic.Pointer[error]
}

// Group returns the consumer group, as in Config.
func (e *Exporter) Group() string { return e.cfg.Group }

// New checks cfg. It doesn't connect to anything yet.
func New(cfg Config) (*Exporter, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	sink, err := newElasticSink(cfg)
	if err != nil {
		return nil, err
	}
	return &Exporter{cfg: cfg, source: newKafkaSource(cfg), sink: sink}, nil
}

// Run exports until ctx ends. It then takes no more, and brings the batch in
// flight into Elasticsearch and its offsets into Kafka within Config.FlushLimit;
// it returns nil if that went well. Before ctx ends it returns only for what
// trying again can't fix: a login that is refused, a server that the client
// doesn't know as Elasticsearch, a document that the index won't take.
func (e *Exporter) Run(ctx context.Context) error {
	defer e.source.close()
	for _, prepare := range []func(context.Context) error{e.source.prepare, e.sink.prepare} {
		if err := e.untilDone(ctx, func() error { return prepare(ctx) }); err != nil {
			return fmt.Errorf("exporter: %w", err)
		}
	}
	flush, giveUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveUp(nil)
	stop := context.AfterFunc(ctx, func() {
		time.AfterFunc(e.cfg.FlushLimit, func() {
			giveUp(fmt.Errorf("not all of it reached Elasticsearch within %v", e.cfg.FlushLimit))
		})
	})
	defer stop()
	if err := e.forward(ctx, flush); err != nil {
		return fmt.Errorf("exporter: %w; nothing is lost: what isn't in Elasticsearch isn't committed, so start it again", err)
	}
	return nil
}

// untilDone retries until it succeeds, the error is permanent, or ctx ends.
func (e *Exporter) untilDone(ctx context.Context, try func() error) error {
	var pause wait.Backoff
	for {
		err := try()
		e.trouble.Store(&err)
		if err == nil || isPermanent(err) {
			return err
		}
		e.stats.retries.Add(1)
		if pause.Sleep(ctx) != nil {
			return fmt.Errorf("%w: last attempt: %w", context.Cause(ctx), err)
		}
	}
}

// Trouble returns why the exporter can't carry anything at the moment, as of its
// last attempt at either side, or nil. It tries again by itself.
func (e *Exporter) Trouble() error {
	if err := e.trouble.Load(); err != nil {
		return *err
	}
	return nil
}

// permanentError is one that trying again doesn't fix.
type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

func isPermanent(err error) bool { return errors.As(err, new(permanentError)) }
