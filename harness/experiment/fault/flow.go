package fault

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/probe"
)

const (
	defaultRate = 500 // rows/s
	// defaultPatience is less than flowLimit, which is an error.
	defaultPatience = 100 * time.Second
	// resend is longer than the 5 s after which mosquitto saves, and what saving
	// and noticing may take.
	resend = 10 * time.Second
	// retryLimit is how long the publisher tries to reach the broker.
	retryLimit = 2 * time.Minute
	// enough is how many rows must have come through before a fault.
	enough = 500
	// keepAlive is MQTT's: short, for a pause needn't be long then to exceed it.
	keepAlive = 4 * time.Second
	// flowLimit is how long anything may take that is waited for.
	flowLimit = 2 * time.Minute
)

// input has short sessions, so that rows of many subjects, and so all partitions,
// take part.
var input = wisdm.Generator{Seed: 8, PerSession: 100}

// flow is a pipeline through which rows flow.
type flow struct {
	Options
	pipeline.Pipeline
	state keeper.State
	began time.Time
	lossy bool // rows may be lost before Kafka

	rows      stoppable
	published atomic.Int64 // acknowledged by the broker
	stats     publish.Stats
	ended     chan error // the publisher's
	job       atomic.Value

	bridge  *apart.Process    // nil where Kafka Connect is the bridge
	carrier *pipeline.Carrier // nil otherwise
	kafka   *follower
	drops   probe.Drops // where the broker counts them
	cancel  []func()
}

// start has rows flow until end, and returns when enough of them have come
// through.
func start(ctx context.Context, o Options, c Case) (*flow, error) {
	state, err := o.Client.State(ctx)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("fault_%d", time.Now().UnixMilli())
	f := &flow{
		Options: o, state: state, lossy: c.Loses != "", ended: make(chan error, 1),
		Pipeline: pipeline.Pipeline{Sites: behind{state}, Broker: cmp.Or(c.broker, "mosquitto"), Names: pipeline.NewNames(name), Files: o.Files},
		rows:     newStoppable(input),
	}
	f.Rate, f.Patience = cmp.Or(c.rate, f.Rate, defaultRate), cmp.Or(f.Patience, defaultPatience)
	if err := f.open(ctx, c); err != nil {
		return nil, errors.Join(err, f.close(ctx))
	}
	go f.publish(ctx)
	f.say("rows flow")
	if err := f.await(ctx, "the first rows are in Elasticsearch", func() bool {
		n, err := f.inElastic(ctx)
		return err == nil && n >= enough && time.Since(f.began) >= c.begun
	}); err != nil {
		return nil, errors.Join(err, f.close(ctx))
	}
	return f, nil
}

func (f *flow) say(format string, args ...any) {
	if f.Stage != nil {
		f.Stage(fmt.Sprintf(format, args...))
	}
}

// open starts all that carries rows.
func (f *flow) open(ctx context.Context, c Case) error {
	limit, cancel := context.WithTimeout(ctx, flowLimit)
	defer cancel()
	if err := f.startCarrier(limit, c.Connect); err != nil {
		return err
	}
	if c.counts {
		drops, err := probe.ListenDrops(limit, f.MQTT(), access.Login{})
		if err != nil {
			return err
		}
		f.drops = drops
		f.cancel = append(f.cancel, drops.Close)
	}
	f.began = time.Now()
	job, err := f.StartRecoverable(limit)
	if err != nil {
		return err
	}
	f.job.Store(job)
	watch, end := context.WithCancel(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { f.Sustain(watch, job, f.again) })
	f.cancel = append(f.cancel, end, watching.Wait)
	f.kafka = follow(watch, f.Kafka(), f.Names.Topic)
	return nil
}

// broker returns the host:port at which the MQTT broker is reached, by a way that
// can be cut where there is one.
func (f *flow) broker(way string) string {
	if f.Broker == "mosquitto" {
		return f.state.Addr("toxiproxy", way)
	}
	return f.MQTT()
}

// again takes note of a job that had to be started again.
func (f *flow) again(job string) {
	f.job.Store(job)
	f.say("the JobManager had forgotten the job: it was started again")
}

func (f *flow) startCarrier(ctx context.Context, connect bool) (err error) {
	if connect {
		f.carrier, err = f.StartConnect(ctx)
		return err
	}
	return f.startBridge(ctx)
}

// startBridge starts hoplab's bridge, in place of one that was killed, and
// returns when it is ready. The bridge outlives ctx: close ends it.
func (f *flow) startBridge(ctx context.Context) (err error) {
	f.bridge, err = apart.Start(context.WithoutCancel(ctx), apart.Task{
		Kind: apart.Bridge, MQTT: f.broker("subscriber"), ClientID: "bridge-" + f.Names.Source, Source: f.Names.Source, KeepAlive: keepAlive,
		Kafka: []string{f.state.Addr("toxiproxy", "producer")}, Topic: f.Names.Topic,
	})
	if err != nil {
		return err
	}
	return f.bridge.Begin(ctx)
}

func (f *flow) publish(ctx context.Context) {
	rate, err := publish.ParseRate(fmt.Sprintf("%g/s", f.Rate))
	if err != nil {
		f.ended <- err
		return
	}
	config := f.PublishConfig(f.rows)
	config.Broker = "tcp://" + f.broker("publisher")
	config.Rate, config.Resend, config.RetryLimit, config.KeepAlive = rate, resend, retryLimit, keepAlive
	config.Progress = func(s publish.Stats) { f.published.Store(s.Acked) }
	f.stats, err = publish.Run(ctx, config)
	f.ended <- err
}

// drain ends the publisher, once the broker has acknowledged everything.
func (f *flow) drain() error {
	f.rows.stop()
	return <-f.ended
}

// close ends what open has started, and removes what the flow has made, unless ctx
// has ended: then the stack ends too, and what was killed may not answer.
func (f *flow) close(ctx context.Context) error {
	for _, cancel := range f.cancel {
		cancel()
	}
	var errs []error
	if f.bridge != nil {
		errs = append(errs, f.bridge.Stop())
	}
	if f.carrier != nil {
		errs = append(errs, f.carrier.Stop())
	}
	if ctx.Err() == nil {
		limit, cancel := context.WithTimeout(ctx, flowLimit)
		defer cancel()
		errs = append(errs, cleanup.Remove(limit, f.Pipeline))
	}
	return errors.Join(errs...)
}

// publishMore returns once so many more rows are with the broker.
func (f *flow) publishMore(ctx context.Context, rows int64) error {
	want := f.published.Load() + rows
	return f.await(ctx, "the rows are with the broker", func() bool { return f.published.Load() >= want })
}

// jobCause returns why the job last failed.
func (f *flow) jobCause(ctx context.Context) (string, error) {
	job, err := f.Flink().Job(ctx, f.job.Load().(string))
	return job.Cause, err
}

func (f *flow) inElastic(ctx context.Context) (int64, error) {
	elastic, err := f.ElasticProbe()
	if err != nil {
		return 0, err
	}
	return elastic.Count(ctx)
}

// await asks until ok. Its error says what it waited for.
func (f *flow) await(ctx context.Context, what string, ok func() bool) error {
	limit, cancel := context.WithTimeout(ctx, flowLimit)
	defer cancel()
	err := wait.Until(limit, 100*time.Millisecond, func() (bool, error) {
		if ok() {
			return true, nil
		}
		select {
		case err := <-f.ended:
			f.ended <- err
			if err != nil {
				return true, fmt.Errorf("the publisher has ended before %s: %w", what, err)
			}
		default:
		}
		return false, nil
	})
	switch {
	case !errors.As(err, new(*wait.Ended)):
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	n, err := f.inElastic(ctx)
	return fmt.Errorf("timed out after %v waiting until %s: %d rows acknowledged, %d in Kafka, %d in Elasticsearch (%v)",
		flowLimit, what, f.published.Load(), f.kafka.different(), n, err)
}
