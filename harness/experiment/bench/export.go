package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

const (
	writePause = 10 * time.Millisecond // between two questions of how much an index was given
	writeStall = 90 * time.Second      // for which a writer may make no progress: a Flink job has to start
	endLimit   = 30 * time.Second      // for a writer to end
)

// Exporter compares the rows/s that hoplab's exporter writes from a topic into
// Elasticsearch with those of Flink's elasticsearch-7 sink, as lab 4's job: the
// same topic, each time into an index of its own, which begins empty and has
// every document compared with its row. Both write bulks of 1,000.
//
// The time goes from the first document to the last, so that starting a job
// doesn't count; the detail says how long that took.
func Exporter(ctx context.Context, p pipeline.Pipeline, o Options) (Figure, error) {
	input := wisdm.Generator{Seed: 1, Rows: o.Rows}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return Figure{}, err
	}
	p.Names = p.Names.With(fmt.Sprintf("bench_export_%d", time.Now().UnixMilli()))
	if err := p.FillTopic(ctx, input, o.Rows, lossLimit); err != nil {
		return Figure{}, fmt.Errorf("bring the rows into Kafka: %w", err)
	}
	var pairs []pair
	var starts [2][]float64
	for i := range o.Runs {
		var rates [2]float64
		for j := range 2 {
			side := (i + j) % 2 // each begins equally often
			o.say("exporter: run %d of %d, %s", i+1, o.Runs, exportSides[side].name)
			w := written{Pipeline: p, oracle: oracle}
			w.Names = indexNames(p.Names, fmt.Sprintf("%d_%s", i, exportSides[side].name))
			start, rate, err := w.measure(ctx, exportSides[side].start)
			if err != nil {
				return Figure{}, fmt.Errorf("%s: %w", exportSides[side].name, err)
			}
			rates[side], starts[side] = rate, append(starts[side], start.Seconds())
		}
		pairs = append(pairs, pair{rates[0], rates[1]})
	}
	f := informative(compare("exporter / Flink's sink", "rows/s", pairs, 0, false))
	f.Detail = fmt.Sprintf("every document was compared with its row; before its first document the exporter took %.1f s and Flink %.1f s, which doesn't count",
		median(starts[0]), median(starts[1]))
	return f, nil
}

var exportSides = [2]struct {
	name  string
	start func(written, context.Context) (stop func() error, err error)
}{{"exporter", written.exporter}, {"flink", written.flink}}

// indexNames are those of a writer: the topic is everybody's, the index its own.
func indexNames(of pipeline.Names, writer string) pipeline.Names {
	of.Table, of.Sink, of.Index = of.Table+"_"+writer, of.Sink+"_"+writer, of.Index+"_"+writer
	return of
}

// written is an index that one side fills.
type written struct {
	pipeline.Pipeline
	oracle *wisdm.Oracle
}

// measure has a side fill its index, and checks every document of it. It returns
// how long the first one took, and the rows/s from there on.
func (w written) measure(ctx context.Context, begin func(written, context.Context) (func() error, error)) (start time.Duration, rate float64, err error) {
	if err := w.PutTemplate(ctx); err != nil {
		return 0, 0, err
	}
	elastic, err := w.ElasticProbe()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	stop, err := begin(w, ctx)
	if err != nil {
		return 0, 0, err
	}
	first, last, err := w.watch(ctx, elastic)
	if stopped := stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return 0, 0, err
	}
	if result := elastic.Check(ctx, w.oracle); result.Outcome != hop.Passed {
		return 0, 0, fmt.Errorf("index %s isn't what it should be: %s", w.Names.Index, result.Detail)
	}
	return first.at.Sub(began), first.rate(last), nil
}

// reading is how many documents an index was given until then.
type reading struct {
	n  int64
	at time.Time
}

// rate is in documents per second.
func (r reading) rate(last reading) float64 {
	return float64(last.n-r.n) / last.at.Sub(r.at).Seconds()
}

// watch asks the index how many documents it was given, without making them
// searchable for it, until it has all.
func (w written) watch(ctx context.Context, elastic *probe.Elastic) (first, last reading, err error) {
	want := w.oracle.Count()
	moved := time.Now()
	for last.n < want {
		if time.Since(moved) > writeStall {
			return first, last, fmt.Errorf("%d of %d rows are written, and no more came in %v", last.n, want, writeStall)
		}
		n, err := elastic.Writes(ctx)
		switch {
		case ctx.Err() != nil:
			return first, last, context.Cause(ctx)
		case err == nil && n > last.n: // before its first document there is no index, which is an error
			last = reading{n, time.Now()}
			moved = last.at
		}
		if first.n == 0 {
			first = last
		}
		if err := wait.For(ctx, writePause); err != nil {
			return first, last, err
		}
	}
	return first, last, nil
}

func (w written) exporter(ctx context.Context) (stop func() error, err error) {
	e, err := exporter.New(w.ExporterConfig())
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- e.Run(running) }()
	return func() error { cancel(); return <-ended }, nil
}

// flink runs lab 4's job over what the topic holds.
func (w written) flink(ctx context.Context) (stop func() error, err error) {
	job, err := w.StartBoundedExport(ctx)
	if err != nil {
		return nil, err
	}
	return func() error { return w.endJob(ctx, job) }, nil
}

// endJob waits for a job that has read all to end by itself, so that it takes
// nothing from what is measured next.
func (w written) endJob(ctx context.Context, job string) error {
	limited, cancel := context.WithTimeoutCause(ctx, endLimit, fmt.Errorf("the Flink job hasn't ended %v after its last row", endLimit))
	defer cancel()
	err := w.Flink().AwaitJob(limited, job, nil)
	if err != nil {
		err = errors.Join(err, cancelJob(ctx, w.Pipeline, job))
	}
	return err
}

// cancelJob works when ctx has ended too.
func cancelJob(ctx context.Context, p pipeline.Pipeline, job string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	return p.Flink().Cancel(ctx, job)
}
