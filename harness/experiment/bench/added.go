package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/wait"
)

const (
	loadSpan  = 6 * time.Second
	loadWarm  = time.Second // of it, which doesn't count
	addedGoal = 10.0        // ms, for the 99th percentile of what the bridge adds
)

// percentiles are those of a latency, in milliseconds.
type percentiles struct{ p50, p90, p99 float64 }

func percentilesOf(h *hdrhistogram.Histogram) percentiles {
	at := func(p float64) float64 { return float64(h.ValueAtPercentile(p)) / 1000 }
	return percentiles{at(50), at(90), at(99)}
}

func (p percentiles) String() string { return fmt.Sprintf("%.2f, %.2f, %.2f ms", p.p50, p.p90, p.p99) }

// added is what one run measured at half load.
type added struct {
	rate, reached float64     // rows/s, asked for and sent
	own           percentiles // from the receipt of a message by the bridge to Kafka's answer
	direct        percentiles // from sending to a subscriber
	through       percentiles // from sending to a consumer of Kafka
}

// measureAdded sends rows at a rate, first to a subscriber and then through the
// bridge, which is a process of its own, to a consumer.
func measureAdded(ctx context.Context, p pipeline.Pipeline, rate float64) (a added, err error) {
	a.rate = rate
	rows := int(rate * loadSpan.Seconds())
	if a.direct, _, err = direct(ctx, p, rate, rows); err != nil {
		return a, err
	}
	p.Names.Source += "_load"
	p.Names.Topic += "_load"
	if err := bridge.CreateTopic(ctx, p.BridgeConfig()); err != nil {
		return a, err
	}
	task := bridgeTask(p)
	task.Waits = true
	process, err := apart.Start(ctx, task)
	if err != nil {
		return a, err
	}
	defer func() { err = errors.Join(err, process.Stop()) }()
	if err := process.Begin(ctx); err != nil {
		return a, err
	}
	if a.through, a.reached, err = through(ctx, p, rate, rows); err != nil {
		return a, err
	}
	report, err := process.Ask()
	if err != nil {
		return a, err
	}
	a.own = percentilesOf(apart.Waits(report))
	return a, nil
}

func bridgeTask(p pipeline.Pipeline) apart.Task {
	c := p.BridgeConfig()
	return apart.Task{Kind: apart.Bridge, MQTT: p.MQTT(), ClientID: c.ClientID, Source: c.Source, Kafka: c.Kafka, Topic: c.Topic}
}

// clock counts how long the rows of a pacer took.
type clock struct {
	pacer *pacer
	skip  int // rows that don't count
	seen  atomic.Int64
	mu    sync.Mutex
	took  *hdrhistogram.Histogram
}

func newClock(p pipeline.Pipeline, id string, rate float64, rows int) (*clock, error) {
	pacer, err := dialPacer(p.MQTT(), id, p.Names.Source, rows)
	if err != nil {
		return nil, err
	}
	return &clock{pacer: pacer, skip: int(rate * loadWarm.Seconds()), took: apart.NewHistogram()}, nil
}

// arrived takes the time of a row. A row that arrives again counts again.
func (c *clock) arrived(payload []byte) {
	seq, ago, ok := c.pacer.since(payload)
	if !ok {
		return
	}
	c.seen.Add(1)
	if seq < c.skip {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.took.RecordValue(min(ago.Microseconds(), time.Minute.Microseconds())) // fails beyond its bounds only
}

// play sends the rows and waits until all have arrived.
func (c *clock) play(ctx context.Context, rate float64) (percentiles, float64, error) {
	reached, err := c.pacer.run(ctx, rate)
	if err != nil {
		return percentiles{}, 0, err
	}
	rows := int64(len(c.pacer.sent))
	_, _, n, err := follow(ctx, rows, func(context.Context) (int64, error) { return c.seen.Load(), nil })
	if err == nil && n < rows {
		err = fmt.Errorf("%d of %d rows arrived", n, rows)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return percentilesOf(c.took), reached, err
}

func direct(ctx context.Context, p pipeline.Pipeline, rate float64, rows int) (percentiles, float64, error) {
	c, err := newClock(p, "bench-pace", rate, rows)
	if err != nil {
		return percentiles{}, 0, err
	}
	defer c.pacer.close()
	session := wire.Session{Addr: p.MQTT(), ClientID: "bench-direct"}
	client, err := session.Subscribe(ctx, p.Names.Source, 1, func(m mqtt.Message) { c.arrived(m.Payload()) })
	if err != nil {
		return percentiles{}, 0, err
	}
	defer client.Disconnect(100)
	return c.play(ctx, rate)
}

func through(ctx context.Context, p pipeline.Pipeline, rate float64, rows int) (percentiles, float64, error) {
	c, err := newClock(p, "bench-pace", rate, rows)
	if err != nil {
		return percentiles{}, 0, err
	}
	defer c.pacer.close()
	reading, stop := context.WithCancel(ctx)
	var readers sync.WaitGroup
	defer readers.Wait()
	defer stop()
	client := &kafka.Client{Addr: kafka.TCP(p.BridgeConfig().Kafka...), Transport: &kafka.Transport{}, Timeout: answerLimit}
	for partition := range 3 { // as the bridge makes it
		readers.Go(func() { consume(reading, client, p.Names.Topic, partition, c.arrived) })
	}
	return c.play(ctx, rate)
}

// consume reads a partition until ctx ends. What it can't read it reads again:
// rows that never come are missed in the end.
func consume(ctx context.Context, client *kafka.Client, topic string, partition int, arrived func([]byte)) {
	for offset := int64(0); ctx.Err() == nil; {
		res, err := client.Fetch(ctx, &kafka.FetchRequest{
			Topic: topic, Partition: partition, Offset: offset, MinBytes: 1, MaxBytes: 4 << 20, MaxWait: 500 * time.Millisecond,
		})
		if err != nil || res.Error != nil {
			_ = wait.For(ctx, countPause)
			continue
		}
		for {
			r, err := res.Records.ReadRecord()
			if err != nil {
				break
			}
			value, err := io.ReadAll(r.Value)
			if err != nil {
				break
			}
			if r.Offset >= offset { // otherwise it is of a batch that began before it
				arrived(value)
				offset = r.Offset + 1
			}
		}
	}
}

// seqOf finds the seq in a row's message.
func seqOf(payload []byte) (int, bool) {
	_, rest, ok := bytes.Cut(payload, []byte(`"seq":`))
	digits, _, more := bytes.Cut(rest, []byte(","))
	n, err := strconv.Atoi(string(digits))
	return n, ok && more && err == nil
}
