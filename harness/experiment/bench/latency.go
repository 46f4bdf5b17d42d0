package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

const (
	latencyRate  = 1000                  // rows/s
	latencyWarm  = 3 * time.Second       // of rows at the beginning that don't count
	latencySpan  = 20 * time.Second      // of rows that count
	latencyShort = 3 * time.Second       // of rows that count, in the short form
	searchPause  = 10 * time.Millisecond // between a search's answer and the next search
	searchLimit  = 60 * time.Second      // for a row to be found
	startLimit   = 60 * time.Second      // for a Flink job to run
)

// Latency measures how long a row takes from the publisher through MQTT, the
// bridge, Kafka and Flink into Elasticsearch, until a search finds it: documents
// become searchable only by Elasticsearch's refresh. Rows are published at a fixed
// rate, and every document is compared with its row. The rows are one sensor's,
// so seq shows which of them a search has found.
func Latency(ctx context.Context, p pipeline.Pipeline, o Options) ([]Figure, error) {
	var p50, p90, p99 []float64
	var last journey
	for i := range o.Runs {
		o.say("latency: run %d of %d", i+1, o.Runs)
		j, err := newJourney(p, i, o.Short)
		if err != nil {
			return nil, err
		}
		if err := j.run(ctx); err != nil {
			return nil, err
		}
		took := j.milliseconds()
		p50, p90, p99 = append(p50, percentile(took, 0.5)), append(p90, percentile(took, 0.9)), append(p99, percentile(took, 0.99))
		last = *j
	}
	figures := []Figure{
		alone("publish to searchable, p50", "ms", Lower, p50),
		alone("publish to searchable, p90", "ms", Lower, p90),
		alone("publish to searchable, p99", "ms", Lower, p99),
	}
	for i := range figures {
		figures[i].Detail = last.detail()
	}
	return figures, nil
}

// journey is one run's rows, on their way.
type journey struct {
	pipeline.Pipeline
	rows    int64
	oracle  *wisdm.Oracle
	sent    *stamped
	found   []time.Time   // by seq - 1
	limit   time.Duration // for a row to be found after another
	refresh string
}

func newJourney(p pipeline.Pipeline, i int, short bool) (*journey, error) {
	span := latencySpan
	if short {
		span = latencyShort
	}
	rows := int64((latencyWarm + span).Seconds() * latencyRate)
	input := wisdm.Generator{Seed: 1, Subjects: 1, Devices: []string{"phone"}, Sensors: []string{"accel"}, Rows: rows}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return nil, err
	}
	p.Names = p.Names.With(fmt.Sprintf("bench_latency_%d_%d", time.Now().UnixMilli(), i))
	return &journey{Pipeline: p, rows: rows, oracle: oracle, sent: &stamped{Input: input}, found: make([]time.Time, rows), limit: searchLimit}, nil
}

// run starts the bridge and lab 4's job, sends the rows, and looks for them.
func (j *journey) run(ctx context.Context) (err error) {
	carrier, err := j.StartBridge(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, carrier.Stop()) }()
	job, err := j.StartExport(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cancelJob(ctx, j.Pipeline, job)) }()
	if err := j.awaitJob(ctx, job); err != nil {
		return err
	}
	elastic, err := j.ElasticProbe()
	if err != nil {
		return err
	}
	if err := j.flow(ctx, elastic); err != nil {
		return err
	}
	if j.refresh, err = elastic.RefreshInterval(ctx); err != nil {
		return err
	}
	if result := elastic.Check(ctx, j.oracle); result.Outcome != hop.Passed {
		return fmt.Errorf("index %s isn't what it should be: %s", j.Names.Index, result.Detail)
	}
	return nil
}

func (j *journey) awaitJob(ctx context.Context, job string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, fmt.Errorf("the Flink job isn't running after %v", startLimit))
	defer cancel()
	return wait.Until(ctx, countPause, func() (bool, error) {
		seen, err := j.Flink().Job(ctx, job)
		if err == nil && seen.State != "RUNNING" {
			err = fmt.Errorf("it is %s", seen.State)
		}
		return err == nil, err
	})
}

// flow publishes, and searches meanwhile.
func (j *journey) flow(ctx context.Context, elastic *probe.Elastic) error {
	rate, err := publish.ParseRate(fmt.Sprintf("%d/s", latencyRate))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	published := make(chan error, 1)
	go func() {
		config := j.PublishConfig(j.sent)
		config.Rate = rate
		_, err := publish.Run(ctx, config)
		if err != nil {
			cancel(err)
		}
		published <- err
	}()
	if err := j.search(ctx, elastic.Seqs); err != nil {
		cancel(err)
		<-published
		return err
	}
	return <-published
}

// search asks until it has found all rows. A row that is found out of order is
// no reason to look for those before it later. Elasticsearch may refuse a search
// of an index that it is just making.
func (j *journey) search(ctx context.Context, ask func(ctx context.Context, from int64) ([]int64, error)) error {
	moved := time.Now()
	for missing := int64(1); missing <= j.rows; {
		seqs, err := ask(ctx, missing)
		at := time.Now()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		for _, seq := range seqs {
			if seq < 1 || seq > j.rows {
				return fmt.Errorf("index %s holds seq %d of %d rows", j.Names.Index, seq, j.rows)
			}
			if j.found[seq-1].IsZero() {
				j.found[seq-1], moved = at, at
			}
		}
		for missing <= j.rows && !j.found[missing-1].IsZero() {
			missing++
		}
		if at.Sub(moved) > j.limit {
			return errors.Join(fmt.Errorf("a search finds row %d of %d no sooner than %v after another", missing, j.rows, j.limit), err)
		}
		if err := wait.For(ctx, searchPause); err != nil {
			return err
		}
	}
	return nil
}

// milliseconds returns what the rows that count took, the least first.
func (j *journey) milliseconds() []float64 {
	var took []float64
	for i := int(latencyWarm.Seconds() * latencyRate); i < len(j.found); i++ {
		took = append(took, float64(j.found[i].Sub(j.sent.at[i]))/float64(time.Millisecond))
	}
	slices.Sort(took)
	return took
}

func (j *journey) detail() string {
	return fmt.Sprintf("%s rows/s through Flink's job, %s rows of each run; searchable means that a search, asked every %v or so, finds the row; refresh interval %s, and Flink's sink gathers for up to 1 s: both servers' defaults",
		ui.Count(latencyRate), ui.Count(j.rows-int64(latencyWarm.Seconds()*latencyRate)), searchPause, j.refresh)
}

// stamped is an input that notes when each row was handed to the connection:
// the publisher then asks for the next one. It is read once.
type stamped struct {
	wisdm.Input
	at []time.Time // to be read when the publisher is done
}

// Open begins it.
func (s *stamped) Open() (wisdm.Source, error) {
	source, err := s.Input.Open()
	return &stampedSource{source, s, false}, err
}

type stampedSource struct {
	wisdm.Source
	to  *stamped
	any bool
}

// Read notes the time for the row before.
func (s *stampedSource) Read() (wisdm.Row, error) {
	if s.any {
		s.to.at = append(s.to.at, time.Now())
	}
	row, err := s.Source.Read()
	s.any = err == nil
	return row, err
}
