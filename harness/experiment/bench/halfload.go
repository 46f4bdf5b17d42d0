package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/pipeline"
)

const memoryLimit = 128 << 20 // bytes that may be resident, whatever the backlog

// effort is what emptying a session took one process.
type effort struct {
	rate float64 // rows/s
	cpu  float64 // µs of user and system time for a row
	peak int64   // bytes
}

// empty has a process of its own empty a session that the broker has kept rows
// for. Its time includes the connecting, but not the process's start.
func empty(ctx context.Context, task apart.Task, rows int64) (e effort, err error) {
	process, err := apart.Start(ctx, task)
	if err != nil {
		return e, err
	}
	defer func() {
		if stopped := process.Stop(); err == nil {
			err = stopped
		}
	}()
	began := time.Now()
	if err := process.Begin(ctx); err != nil {
		return e, err
	}
	_, last, n, err := follow(ctx, rows, func(context.Context) (int64, error) {
		report, err := process.Ask()
		return report.Count, err
	})
	if err != nil {
		return e, err
	}
	if n < rows {
		return e, fmt.Errorf("the %s got %d of %d messages", task.Kind, n, rows)
	}
	report, err := process.Ask()
	if err != nil {
		return e, err
	}
	return effort{float64(n) / last.Sub(began).Seconds(), report.CPU.Seconds() * 1e6 / float64(n), report.Peak}, nil
}

// cpuFigure compares the CPU that both sides took for a row.
func cpuFigure(bridges, discards []effort) Figure {
	var pairs []pair
	var peak int64
	for i, b := range bridges {
		pairs = append(pairs, pair{b.cpu, discards[i].cpu})
		peak = max(peak, b.peak)
	}
	f := informative(compare("CPU of the bridge / of the discarding subscriber", "µs/row", pairs, 0, false))
	var each []string
	for i, b := range bridges {
		each = append(each, fmt.Sprintf("%.2f to %.2f", b.cpu, discards[i].cpu))
	}
	f.Detail = fmt.Sprintf("user and system time of each process, a row: %s µs; the bridge had at most %d MiB resident", strings.Join(each, ", "), peak>>20)
	if peak > memoryLimit {
		f.Wrong = fmt.Sprintf("the bridge had more than %d MiB resident", memoryLimit>>20)
	}
	return f
}

// HalfLoad measures what the bridge adds to the latency at half of the rows/s that
// are sustained while rows come. Those are far fewer than a bridge empties a backlog
// with, which bridgeRate says: the MQTT broker has to take them in as well. So a
// run that doesn't count asks for all of it, and shows what gets through.
func HalfLoad(ctx context.Context, p pipeline.Pipeline, bridgeRate float64, runs int) ([]Figure, error) {
	p.Names = pipeline.NewNames(fmt.Sprintf("bench_load_%d", time.Now().UnixMilli()))
	full, err := measureAdded(ctx, p, bridgeRate)
	if err != nil {
		return nil, fmt.Errorf("latency at full load: %w", err)
	}
	var own []float64
	var whole []pair
	var each []string
	for i := range runs {
		p.Names = pipeline.NewNames(fmt.Sprintf("bench_load_%d_%d", time.Now().UnixMilli(), i))
		a, err := measureAdded(ctx, p, full.reached/2)
		if err != nil {
			return nil, fmt.Errorf("latency at half load: %w", err)
		}
		own = append(own, a.own.p99)
		whole = append(whole, pair{a.through.p99, a.direct.p99})
		each = append(each, a.String())
	}
	first := alone("p99 that the bridge adds at half load", "ms", Lower, own).withGoal(Goal{OfOurs, AtMost, addedGoal})
	first.Detail = fmt.Sprintf("%.0f rows/s got through at full load\n%s", full.reached, strings.Join(each, "\n"))
	second := informative(compare("p99 at half load: to Kafka's consumer / to a subscriber", "ms", whole, 0, false))
	return []Figure{first, second}, nil
}

func (a added) String() string {
	text := fmt.Sprintf("at %.0f rows/s (p50, p90, p99): in the bridge, until Kafka has it, %v; sent to subscriber %v; sent to Kafka's consumer %v; the p99 more by %.2f ms",
		a.reached, a.own, a.direct, a.through, a.through.p99-a.direct.p99)
	if a.reached < 0.95*a.rate {
		text += fmt.Sprintf(" (%.0f rows/s were asked for, but the MQTT broker took no more)", a.rate)
	}
	return text
}
