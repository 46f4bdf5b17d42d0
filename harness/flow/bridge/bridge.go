// Package bridge carries messages from MQTT to Kafka, at least once: a message
// is acknowledged to the MQTT broker only after all in-sync replicas of Kafka
// have it, so whatever stops the bridge, the broker still holds what isn't in
// Kafka and sends it again. Repeats are possible; gaps aren't. Records of one
// key keep the order of their messages, repeats aside.
//
// The files, in the order in which a message meets them: intake.go, line.go and
// session.go (the MQTT side), queue.go (what is in flight, bounded), keys.go (a record's
// key and time), forward.go (batches and retries), kafka.go (the Kafka side).
//
// # Back-pressure
//
// A handler that blocks would also keep the answers to keepalive pings from
// being read. So the bridge always reads, and relies on MQTT 3.1.1's only flow
// control: the broker stops after so many unacknowledged messages
// (max_inflight_messages in mosquitto). Config.MaxInFlight must exceed that
// number; then the queue never overflows, however long Kafka stalls.
//
// Where the broker's number is larger or unlimited, a full queue first lets
// the connection wait, for a sixth of the keepalive. After that the bridge
// refuses: it reads on but keeps nothing, so memory stays bounded and the
// connection alive. Once the queue is in Kafka, it reconnects, and the
// broker sends everything unacknowledged again, in order.
package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/wait"
)

// Config says what to carry where. The zero value of an optional field means
// its default.
type Config struct {
	Broker   string       // tcp://HOST:PORT, or ssl:// for TLS
	Login    access.Login // at the MQTT broker
	ClientID string       // names the persistent session; one running bridge each; default: made from source, topic and Kafka cluster
	Source   string       // MQTT topic, default "smart"

	Kafka      []string     // HOST:PORT of some of the brokers
	KafkaLogin access.Login // at each of them
	Topic      string       // default: Source
	Partitions int          // of the topic, where the bridge has to create it; default 3

	// Record returns the key and the time of a message's record. A message that it
	// reports is carried without a key, at the time of its receipt, with the error in the
	// header topic.ErrorHeader. The default gives no key, and the time of receipt.
	Record func(payload []byte) (key []byte, at time.Time, err error)

	MaxInFlight int           // messages taken from MQTT and not yet acknowledged; default 10,000
	MaxBytes    int           // of their payloads; default 64 MiB
	MaxBatch    int           // records in one write to Kafka; default 1,000
	Linger      time.Duration // for a batch to grow; default 2 ms
	FlushLimit  time.Duration // for what is in flight when Run's context ends; default 10 s
	KeepAlive   time.Duration // of MQTT, whole seconds; default 30 s

	// Observe, if any, is called for each message with how long after its receipt
	// Kafka had it. It is called from one goroutine, which it holds up.
	Observe func(time.Duration)

	openMQTT  mqtt.OpenConnectionFunc                                   // default wire.Open
	dialKafka func(_ context.Context, _, addr string) (net.Conn, error) // default: kafka-go's own
}

func (c Config) withDefaults() (Config, error) {
	c.Source = cmp.Or(c.Source, "smart")
	c.Topic = cmp.Or(c.Topic, c.Source)
	c.Partitions = cmp.Or(c.Partitions, 3)
	c.MaxInFlight = cmp.Or(c.MaxInFlight, 10_000)
	c.MaxBytes = cmp.Or(c.MaxBytes, 64<<20)
	c.MaxBatch = cmp.Or(c.MaxBatch, 1000)
	c.Linger = cmp.Or(c.Linger, 2*time.Millisecond)
	c.FlushLimit = cmp.Or(c.FlushLimit, 10*time.Second)
	c.KeepAlive = cmp.Or(c.KeepAlive, 30*time.Second)
	if c.Record == nil {
		c.Record = plain
	}
	if c.openMQTT == nil {
		c.openMQTT = wire.Open
	}
	switch {
	case !strings.HasPrefix(c.Broker, "tcp://") && !strings.HasPrefix(c.Broker, "ssl://"):
		return c, fmt.Errorf("bridge: broker is %q; it must be tcp://HOST:PORT or ssl://HOST:PORT", c.Broker)
	case len(c.Kafka) == 0:
		return c, errors.New("bridge: no Kafka address; give HOST:PORT of at least one broker")
	case c.KeepAlive < time.Second:
		return c, fmt.Errorf("bridge: keepalive is %v; MQTT counts it in whole seconds", c.KeepAlive)
	case c.Partitions < 0 || c.MaxInFlight < 0 || c.MaxBytes < 0 || c.MaxBatch < 0:
		return c, errors.New("bridge: a limit is negative; leave it 0 for its default")
	}
	return c, nil
}

// Bridge is one MQTT session that is emptied into one Kafka topic. It is made
// by New and runs once.
type Bridge struct {
	cfg   Config
	sink  sink
	queue *queue
	ready chan struct{}
	stats counters

	mqttTrouble, kafkaTrouble, rivalTrouble atomic.Pointer[error]
	otherTopics                             otherTopics
}

// New checks cfg. It doesn't connect to anything yet.
func New(cfg Config) (*Bridge, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	return newBridge(cfg, newKafkaSink(cfg)), nil
}

func newBridge(cfg Config, s sink) *Bridge {
	return &Bridge{cfg: cfg, sink: s, queue: newQueue(cfg.MaxInFlight, cfg.MaxBytes), ready: make(chan struct{})}
}

// Ready is closed once the broker has accepted the subscription for the first
// time: whatever is published from then on reaches Kafka.
func (b *Bridge) Ready() <-chan struct{} { return b.ready }

// Run carries messages until ctx ends. It then takes no more, brings what is
// in flight into Kafka within Config.FlushLimit, acknowledges it and leaves the
// session with the broker. It returns nil if that went well. Before ctx ends
// it returns only for what trying again can't fix: a topic that can't be
// created, a login or a subscription that is refused, or a record that Kafka
// won't take.
func (b *Bridge) Run(ctx context.Context) error {
	defer b.sink.close()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	flush, giveUp := context.WithCancelCause(context.WithoutCancel(ctx))
	defer giveUp(nil)
	stop := context.AfterFunc(ctx, func() { b.endWithin(flush, giveUp) })
	defer stop()

	online, hangUp := context.WithCancel(flush)
	taken := make(chan error, 1)
	go func() {
		err := b.intake(online)
		if err != nil {
			giveUp(err)
		}
		taken <- err
	}()
	err := b.forward(flush)
	b.queue.close()
	hangUp()
	if takenErr := <-taken; takenErr != nil {
		return takenErr
	}
	return err
}

func (b *Bridge) prepare(ctx context.Context) error {
	var pause wait.Backoff
	for {
		cluster, err := b.sink.prepare(ctx)
		b.kafkaTrouble.Store(&err)
		if err == nil {
			b.cfg.ClientID = cmp.Or(b.cfg.ClientID, clientID(b.cfg.Source, b.cfg.Topic, cluster))
		}
		if err == nil || isPermanent(err) {
			return err
		}
		b.stats.retries.Add(1)
		if pause.Sleep(ctx) != nil {
			return fmt.Errorf("bridge ended before Kafka was ready: %w", err)
		}
	}
}

// endWithin lets the queue run empty for FlushLimit and then gives up.
func (b *Bridge) endWithin(flush context.Context, giveUp context.CancelCauseFunc) {
	b.queue.close()
	if wait.For(flush, b.cfg.FlushLimit) == nil {
		giveUp(fmt.Errorf("not all of it reached Kafka within %v", b.cfg.FlushLimit))
	}
}
