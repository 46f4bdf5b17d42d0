// Package endtoend sends rows through a whole pipeline, from the publisher to the
// dashboards, and checks each hop.
package endtoend

import (
	"context"
	"errors"
	"sync"
	"time"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// stallLimit is how long a hop may stall before it is checked. The
// Elasticsearch sink writes once a second at the latest (sink.bulk-flush.interval); the
// rest is for busy machines.
const stallLimit = 20 * time.Second

// Flow says what to send through the pipeline, and how.
type Flow struct {
	Input  wisdm.Input
	Oracle *wisdm.Oracle // of Input, Base and Max
	// Ledger, instead of Oracle, keeps no rows: there may be as many as you like. Only
	// the hops up to Elasticsearch are checked then; see load.go.
	Ledger  *wisdm.Ledger
	Base    time.Time // as in publish.Config
	Rate    publish.Rate
	Max     int64
	QoS     byte
	Connect bool // Kafka Connect is the bridge
	// Superset: the rows go into its tables too, and its charts are checked. It needs an
	// Oracle.
	Superset bool
	// KeepJob leaves the Flink job running, and the dashboard in a Kibana that runs.
	KeepJob bool
	// Report, if any, is called with how many rows a hop has, from several goroutines
	// at once; Stage with what is being done.
	Report func(hop string, rows int64)
	Stage  func(what string)
	// Flowed, if any, is called once the rows have flowed, before the checks.
	Flowed func()
}

// Expected returns how many rows each hop must hold.
func (f Flow) Expected() int64 { return f.want().Sums().Count() }

func (f Flow) want() wisdm.Expected {
	if f.Ledger != nil {
		return f.Ledger
	}
	return f.Oracle
}

// run is a flow on its way.
type run struct {
	pipeline.Pipeline
	Flow
	carrier  *pipeline.Carrier
	heard    *probe.MQTT
	job      string
	exporter *pipeline.Exporting // in place of a job
	mu       sync.Mutex
	spans    map[string]time.Duration
	counts   map[string]int64
}

// The parts of this process that a flow consists of, as [usage.Parts] names them. The
// exporter only starts the job where Flink exports.
const (
	Publisher  = "publisher"
	Bridge     = "bridge"
	Listener   = "MQTT probe"
	Exporter   = "exporter"
	Counting   = "counting each hop's rows"
	Comparison = "comparison"
)

// Run sends the rows through all hops and checks each of them. Its error is what
// prevented that; hops that were checked before are in the results.
func Run(ctx context.Context, p pipeline.Pipeline, f Flow) ([]hop.Result, error) {
	r := &run{Pipeline: p, Flow: f, spans: map[string]time.Duration{}, counts: map[string]int64{}}
	defer r.end()
	if err := r.begin(ctx); err != nil {
		return nil, err
	}
	r.say("sending the rows")
	if err := r.flow(ctx); err != nil {
		return nil, err
	}
	if r.Flowed != nil {
		r.Flowed()
	}
	r.say("checking each hop")
	var results []hop.Result
	usage.Part(ctx, Comparison, func(ctx context.Context) { results = r.check(ctx) })
	return results, context.Cause(ctx)
}

func (r *run) say(what string) {
	if r.Stage != nil {
		r.Stage(what)
	}
}

// begin starts what carries the rows, the bridge and the job at once.
func (r *run) begin(ctx context.Context) error {
	r.say("starting what carries the rows")
	var group sync.WaitGroup
	var bridgeErr, exportErr error
	carried := make(chan struct{})
	group.Go(func() {
		defer close(carried)
		usage.Part(ctx, Bridge, func(ctx context.Context) { r.carrier, bridgeErr = r.start(ctx) })
	})
	group.Go(func() {
		<-carried // the bridge makes the topic; a job without one restarts until it is there
		if bridgeErr == nil {
			usage.Part(ctx, Exporter, func(ctx context.Context) { exportErr = r.export(ctx) })
		}
	})
	group.Wait()
	if err := errors.Join(bridgeErr, exportErr); err != nil {
		return err
	}
	var err error
	usage.Part(ctx, Listener, func(ctx context.Context) { r.heard, err = r.Subscribe(ctx) })
	if err == nil && r.Ledger != nil {
		r.heard.Track(r.Ledger)
	}
	return err
}

// export starts what fills the index: a job or, where Flink has no sink, the exporter.
func (r *run) export(ctx context.Context) error {
	err := r.NeedSink(ctx)
	var none *pipeline.NoSinkError
	switch {
	case errors.As(err, &none):
		r.say("no sink for Elasticsearch runs on Flink " + none.Version + " here: the exporter carries the rows")
		r.exporter, err = r.StartExporter(ctx)
	case err != nil:
	case r.Ledger != nil:
		r.job, err = r.StartLoadExport(ctx)
	default:
		r.job, err = r.StartExport(ctx)
	}
	return err
}

func (r *run) start(ctx context.Context) (*pipeline.Carrier, error) {
	if r.Connect {
		return r.StartConnect(ctx)
	}
	return r.StartBridge(ctx)
}

// end stops what begin has started.
func (r *run) end() {
	if r.heard != nil {
		r.heard.Close()
	}
	if r.carrier != nil {
		r.carrier.Stop() // errors that matter were seen while rows flowed
	}
	if r.exporter != nil {
		r.exporter.Stop() // as above
	}
	if r.job != "" && !r.KeepJob {
		ctx, cancel := context.WithTimeout(context.Background(), stallLimit)
		defer cancel()
		r.Flink().Cancel(ctx, r.job)
	}
}

// flow publishes, and waits until every hop has all rows, or stalls.
func (r *run) flow(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	fail := func(err error) {
		if err != nil {
			cancel(err)
		}
	}
	published := make(chan struct{})
	group.Go(func() {
		defer close(published)
		usage.Part(ctx, Publisher, func(ctx context.Context) { fail(r.publish(ctx)) })
	})
	group.Go(func() { fail(r.watchCarrier(ctx, published)) })
	elastic, err := r.ElasticProbe()
	if err != nil {
		return err
	}
	counters := map[string]probe.Counter{
		hop.MQTT: r.heard.Count, hop.Kafka: r.kafka().Count, hop.Elasticsearch: elastic.Count,
	}
	if r.job != "" {
		counters[hop.Flink] = r.FlinkCount(r.job)
	}
	if r.Ledger != nil {
		calm(counters, elastic)
	}
	for name, count := range counters {
		group.Go(func() {
			usage.Part(ctx, Counting, func(ctx context.Context) { r.watch(ctx, name, count, published) })
		})
	}
	group.Wait()
	return context.Cause(ctx)
}

func (r *run) publish(ctx context.Context) error {
	config := r.PublishConfig(r.Input)
	if r.Ledger != nil {
		config.Source = throttled{Input: r.Input, ctx: ctx, taken: r.taken}
	}
	config.QoS, config.Base, config.Rate, config.Max = r.QoS, r.Base, r.Rate, r.Max
	_, err := publish.Run(ctx, config)
	return err
}

// watchCarrier reports a bridge that ends before the rows have.
func (r *run) watchCarrier(ctx context.Context, published <-chan struct{}) error {
	select {
	case <-published:
	case <-ctx.Done():
	case <-r.carrier.Done: // nil, and so never, for Kafka Connect
		if err := r.carrier.Stop(); err != nil {
			return err
		}
		return errors.New("the bridge ended while rows were being published")
	}
	return nil
}

// watch follows a hop until it is full, or stalls after the last row was published.
func (r *run) watch(ctx context.Context, name string, count probe.Counter, published <-chan struct{}) {
	span, err := probe.Watch(ctx, count, r.Expected(), published, r.stall(), func(n int64) { r.note(name, n) })
	if err != nil {
		return // its check meets the same error, and reports it
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spans[name] = span
}

func (r *run) note(name string, n int64) {
	r.mu.Lock()
	r.counts[name] = n
	r.mu.Unlock()
	if r.Report != nil {
		r.Report(name, n)
	}
}

func (r *run) has(name string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts[name]
}

func (r *run) kafka() probe.Kafka {
	topic := r.KafkaProbe()
	topic.Unkeyed = r.Connect
	return topic
}
