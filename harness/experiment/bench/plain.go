package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
)

// Plain compares the bridge with the few lines that tutorials show, [apart.Plain]: how
// fast a backlog of rows gets into Kafka, and how many of them each loses when its process
// is killed on its way and started again.
func Plain(ctx context.Context, p pipeline.Pipeline, rows int64, runs int) ([]Figure, error) {
	var rates, losses []pair
	var lost int64
	for i := range runs {
		p.Names = pipeline.NewNames(fmt.Sprintf("plain_%d_%d", time.Now().UnixMilli(), i))
		run := backlog{Pipeline: p, rows: rows}
		whole, killed := run.peers(""), run.peers("_killed")
		ids := []string{run.keepID()}
		for _, task := range slices.Concat(whole, killed) {
			ids = append(ids, task.ClientID)
			config := p.BridgeConfig()
			config.Topic = task.Topic
			if err := bridge.CreateTopic(ctx, config); err != nil {
				return nil, err
			}
		}
		if err := run.fill(ctx, ids); err != nil {
			return nil, err
		}
		var rate, loss [2]float64
		for side := range whole {
			e, err := empty(ctx, whole[side], rows)
			if err != nil {
				return nil, err
			}
			n, err := run.killed(ctx, killed[side])
			if err != nil {
				return nil, err
			}
			rate[side], loss[side] = e.rate, float64(n)
		}
		rates, losses = append(rates, pair{rate[0], rate[1]}), append(losses, pair{loss[0], loss[1]})
		lost += int64(loss[0])
		if err := run.forget(ctx); err != nil {
			return nil, err
		}
	}
	speed := informative(compare("bridge / a tutorial's bridge", "rows/s", rates, 0, false))
	speed.Detail = "the tutorial's acknowledges each message when it has come, and writes without waiting for Kafka"
	return append([]Figure{speed}, losing(losses, lost)...), nil
}

// losing are the figures of what is lost, of which the bridge's must be none.
func losing(losses []pair, lost int64) []Figure {
	var ours, theirs []float64
	for _, l := range losses {
		ours, theirs = append(ours, l.ours), append(theirs, l.theirs)
	}
	figures := []Figure{alone("rows that the bridge loses when it is killed on its way", "rows", Lower, ours),
		alone("rows that the tutorial's loses when it is killed on its way", "rows", Lower, theirs)}
	if lost > 0 {
		figures[0].Wrong = "it may lose none"
	}
	return figures
}

// peers are the bridge and the tutorial's, each with a topic and a session of its own.
func (b backlog) peers(suffix string) []apart.Task {
	ours := bridgeTask(b.Pipeline)
	ours.ClientID, ours.Topic = ours.ClientID+suffix, ours.Topic+suffix
	plain := ours
	plain.Kind, plain.ClientID, plain.Topic = apart.Plain, "plain-"+ours.ClientID, ours.Topic+"_plain"
	return []apart.Task{ours, plain}
}

// killed kills a bridge when it has carried a quarter of the rows, starts it again, and
// returns how many rows never come.
func (b backlog) killed(ctx context.Context, task apart.Task) (lost int64, err error) {
	process, err := apart.Start(ctx, task)
	if err != nil {
		return 0, err
	}
	if err := process.Begin(ctx); err != nil {
		return 0, errors.Join(err, process.Stop())
	}
	to := topic.Topic{Addr: b.Kafka(), Name: task.Topic}
	err = wait.Until(ctx, countPause, func() (bool, error) {
		n, err := to.Count(ctx)
		return n >= b.rows/4, err
	})
	if err = errors.Join(err, process.Kill()); err != nil {
		return 0, err
	}
	if process, err = apart.Start(ctx, task); err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, process.Stop()) }()
	if err := process.Begin(ctx); err != nil {
		return 0, err
	}
	n, err := different(ctx, to, b.rows)
	return b.rows - n, err
}

// differentPause is between two readings of a topic.
const differentPause = 500 * time.Millisecond

// different returns how many different rows a topic has, once these are all, or no record
// more comes.
func different(ctx context.Context, t topic.Topic, rows int64) (n int64, err error) {
	var last int64
	moved := time.Now()
	err = wait.Until(ctx, differentPause, func() (bool, error) {
		now, err := t.Count(ctx)
		if err != nil || now == last {
			return time.Since(moved) > lossLimit, err
		}
		last, moved = now, time.Now()
		stored := map[string]bool{}
		err = t.Each(ctx, func(record kafka.Message) error {
			row, err := wisdm.ParseMessage(record.Value)
			stored[row.ID()] = true
			return err
		})
		n = int64(len(stored))
		return n == rows, err
	})
	return n, err
}
