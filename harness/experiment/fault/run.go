package fault

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
)

const (
	// stall is how long the rows may make no progress, at the end, before those that a
	// hop lacks count as lost. Flink needs 20 s to notice some faults.
	stall = 45 * time.Second
	// quiet is the same for Kafka where rows may be lost before it.
	quiet = 10 * time.Second
)

// Run lets rows flow, pulls the fault, waits until the hops have caught up, and
// compares what each has with the oracle. An error says what kept it from that;
// what the fault has done to the rows is in the result.
func (c Case) Run(ctx context.Context, o Options) (Result, error) {
	began := time.Now()
	if len(c.needs) > 0 {
		if err := o.Client.Ensure(ctx, c.needs, nil); err != nil {
			return Result{}, err
		}
	}
	f, err := start(ctx, o, c)
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	result, err := c.disturb(ctx, f)
	if closed := f.close(ctx); err == nil {
		err = closed
	}
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", c.Name, err)
	}
	result.Span = time.Since(began)
	return result, nil
}

func (c Case) disturb(ctx context.Context, f *flow) (Result, error) {
	f.say("%s", c.Name)
	w := newWatch(f)
	watching, end := context.WithCancel(ctx)
	defer end()
	go w.run(watching)
	if err := c.pull(ctx, f, w.ended); err != nil {
		return Result{}, err
	}
	f.say("the hops catch up")
	if err := w.wait(ctx); err != nil {
		return Result{}, err
	}
	end()
	if err := f.drain(); err != nil {
		return Result{}, err
	}
	f.say("comparing")
	return c.judge(ctx, f, w)
}

// judge waits for the last rows and compares.
func (c Case) judge(ctx context.Context, f *flow, w *watch) (Result, error) {
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, f.stats.Rows)
	if err != nil {
		return Result{}, err
	}
	f.settle(ctx, f.stats.Rows)
	result := Result{Case: c.Name, Rows: f.stats.Rows, Loses: c.Loses}
	seen := Seen{Hop: hop.MQTT, Lost: f.stats.Rows - f.stats.Acked, Repeated: f.stats.Resent}
	result.Seen = append(result.Seen, seen)
	seen = Seen{Hop: hop.Kafka}
	seen.Lost, seen.Repeated, seen.Problem = f.kafka.compare(oracle, !c.Connect)
	result.Seen = append(result.Seen, seen)
	if seen, err = f.compareElastic(ctx, oracle); err != nil {
		return Result{}, err
	}
	result.Seen = append(result.Seen, seen)
	for i := range result.Seen {
		result.Seen[i].Recovered = w.recovered(result.Seen[i].Hop)
	}
	if c.counts {
		told, err := f.drops.Count()
		if err != nil {
			return Result{}, err
		}
		result.Told = &told
	}
	result.Wrong = result.wrong()
	return result, context.Cause(ctx)
}

// settle returns when Kafka and Elasticsearch have all rows, or stall.
func (f *flow) settle(ctx context.Context, want int64) {
	var last int64
	moved := time.Now()
	for time.Since(moved) < stall && ctx.Err() == nil {
		stored := f.kafka.different()
		written, err := f.inElastic(ctx)
		if all := stored >= want || f.lossy && time.Since(moved) > quiet; err == nil && all && written >= stored {
			return
		}
		if sum := stored + written; sum != last {
			last, moved = sum, time.Now()
		}
		_ = wait.For(ctx, look)
	}
}

func (f *flow) compareElastic(ctx context.Context, oracle *wisdm.Oracle) (Seen, error) {
	seen := Seen{Hop: hop.Elasticsearch}
	elastic, err := f.ElasticProbe()
	if err != nil {
		return seen, err
	}
	rows, problem, err := elastic.Rows(ctx)
	if err != nil {
		return seen, err
	}
	seen.Problem = problem
	if diff := oracle.Compare(rows, wisdm.CompareOptions{}); diff != nil {
		seen.Lost, seen.Repeated = diff.Missing, diff.Repeated
		if diff.Changed+diff.Unexpected > 0 {
			seen.Problem = diff.Error()
		}
	}
	return seen, nil
}

// wrong says what breaks the guarantee: at least once into Kafka, and exactly once
// into Elasticsearch. Where rows may be lost on the way into Kafka, all that are
// there have to be in Elasticsearch.
func (r Result) wrong() string {
	var kafkaLost int64
	for _, s := range r.Seen {
		allowed := kafkaLost
		if s.Hop == hop.Kafka && r.Loses != "" {
			kafkaLost, allowed = s.Lost, s.Lost
		}
		switch {
		case s.Problem != "":
			return fmt.Sprintf("%s: %s", s.Hop, s.Problem)
		case s.Hop == hop.Kafka && r.Told != nil && *r.Told != s.Lost:
			return fmt.Sprintf("%s: %d rows are lost, and the server says %d", s.Hop, s.Lost, *r.Told)
		case s.Lost > allowed:
			return fmt.Sprintf("%s: %d of %d rows are lost", s.Hop, s.Lost-allowed, r.Rows)
		case s.Hop == hop.Elasticsearch && s.Repeated > 0:
			return fmt.Sprintf("%s: %d rows are there more than once", s.Hop, s.Repeated)
		}
	}
	return ""
}
