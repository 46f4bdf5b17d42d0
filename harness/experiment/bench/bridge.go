package bench

import (
	"context"
	"fmt"
	"slices"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/probe"
)

const (
	answerLimit = 10 * time.Second
	lossLimit   = 15 * time.Second // without a new record, what is missing is lost
	countPause  = 20 * time.Millisecond
)

// Bridge measures how fast a backlog of QoS 1 messages gets from the MQTT
// broker into Kafka: hoplab's bridge against a subscriber that only counts, and
// against Kafka Connect where withConnect. Each side has a session of its own in
// which the broker keeps the same messages until the side's turn. One more session
// keeps them beyond that: the broker frees a message with its last session, and the
// side that came last would pay for it. The first two sides take turns in being first.
func Bridge(ctx context.Context, p pipeline.Pipeline, rows int64, runs int, withConnect bool) ([]Figure, error) {
	var ceiling, connect []pair
	var bridges, discards []effort
	var bridgeLost, connectLost int64
	for i := range runs {
		p.Names = pipeline.NewNames(fmt.Sprintf("bench_%d_%d", time.Now().UnixMilli(), i))
		run := backlog{Pipeline: p, rows: rows}
		ids := []string{run.discardID(), run.BridgeConfig().ClientID, run.keepID()}
		if withConnect {
			ids = append(ids, run.Params()["client"])
		}
		if err := run.fill(ctx, ids); err != nil {
			return nil, err
		}
		ours, discard, err := run.both(ctx, i%2 == 1)
		if err != nil {
			return nil, err
		}
		bridgeLost += ours.lost
		bridges, discards = append(bridges, ours.effort), append(discards, discard)
		ceiling = append(ceiling, pair{ours.rate, discard.rate})
		if withConnect {
			theirs, err := run.connect(ctx)
			if err != nil {
				return nil, err
			}
			connectLost += theirs.lost
			connect = append(connect, pair{ours.rate, theirs.rate})
		}
		if err := run.forget(ctx); err != nil {
			return nil, err
		}
	}
	total := int64(runs) * rows
	first := compare("bridge / discarding subscriber", "rows/s", ceiling, 0.9, false)
	first.Detail = fmt.Sprintf("the bridge lost %d of %d messages", bridgeLost, total)
	if bridgeLost != 0 {
		first.Wrong = "it may lose none"
	}
	more, err := HalfLoad(ctx, p, sustained(bridges), runs)
	if err != nil {
		return nil, err
	}
	figures := slices.Concat([]Figure{first, cpuFigure(bridges, discards)}, more)
	if !withConnect {
		return figures, nil
	}
	second := compare("bridge / Kafka Connect", "rows/s", connect, 5, false)
	second.Detail = fmt.Sprintf("Kafka Connect with the Camel connector lost %d of %d messages", connectLost, total)
	return append(figures, second), nil
}

func sustained(bridges []effort) float64 {
	var rates []float64
	for _, b := range bridges {
		rates = append(rates, b.rate)
	}
	return median(rates)
}

// backlog is one run: a topic, and sessions that the broker keeps it for.
type backlog struct {
	pipeline.Pipeline
	rows int64
}

// carried is what a bridge did, and how many messages never came.
type carried struct {
	effort
	lost int64
}

func (b backlog) discardID() string { return "bench-discard-" + b.Names.Source }
func (b backlog) keepID() string    { return "bench-keep-" + b.Names.Source }

// fill makes the topic and the sessions, and then the messages.
func (b backlog) fill(ctx context.Context, ids []string) error {
	if err := bridge.CreateTopic(ctx, b.BridgeConfig()); err != nil {
		return err
	}
	for _, id := range ids {
		if err := b.session(ctx, id, false); err != nil {
			return err
		}
	}
	return publishRows(ctx, b.Pipeline, b.Names.Source, b.rows)
}

// forget ends the session that kept the messages.
func (b backlog) forget(ctx context.Context) error { return b.session(ctx, b.keepID(), true) }

// session has the broker know a session that is subscribed to the topic, unless it
// is a clean one, which leaves nothing.
func (b backlog) session(ctx context.Context, id string, clean bool) error {
	session := wire.Session{Addr: b.MQTT(), ClientID: id, Kept: !clean}
	client, err := session.Subscribe(ctx, b.Names.Source, 1, func(mqtt.Message) {})
	if err != nil {
		return err
	}
	client.Disconnect(100)
	return nil
}

// both empties the bridge's session and the discarding subscriber's.
func (b backlog) both(ctx context.Context, bridgeFirst bool) (ours carried, discard effort, err error) {
	sides := []func() error{
		func() (err error) { discard, err = b.discard(ctx); return err },
		func() (err error) { ours, err = b.bridge(ctx); return err },
	}
	if bridgeFirst {
		slices.Reverse(sides)
	}
	for _, side := range sides {
		if err := side(); err != nil {
			return ours, discard, err
		}
	}
	return ours, discard, nil
}

// discard empties its session.
func (b backlog) discard(ctx context.Context) (effort, error) {
	return empty(ctx, apart.Task{Kind: apart.Discard, MQTT: b.MQTT(), ClientID: b.discardID(), Source: b.Names.Source}, b.rows)
}

// bridge empties the bridge's session.
func (b backlog) bridge(ctx context.Context) (carried, error) {
	took, err := empty(ctx, bridgeTask(b.Pipeline), b.rows)
	if err != nil {
		return carried{}, err
	}
	stored, err := topic.Topic{Addr: b.Kafka(), Name: b.Names.Topic}.Count(ctx)
	return carried{took, b.rows - stored}, err
}

// connect empties Kafka Connect's session, into a topic of its own. Its time
// begins with the first record, so that starting a connector doesn't count.
func (b backlog) connect(ctx context.Context) (carried, error) {
	b.Names.Topic += "_connect"
	carrier, err := b.StartConnect(ctx)
	if err != nil {
		return carried{}, err
	}
	first, last, n, err := follow(ctx, b.rows, topic.Topic{Addr: b.Kafka(), Name: b.Names.Topic}.Count)
	if stopped := carrier.Stop(); err == nil {
		err = stopped
	}
	return carried{effort{rate: float64(n) / last.Sub(first).Seconds()}, b.rows - n}, err
}

// follow asks count until it has all rows, or stalls. It returns when the
// first and the last of them were seen.
func follow(ctx context.Context, rows int64, count probe.Counter) (first, last time.Time, n int64, err error) {
	moved := time.Now()
	for n < rows && time.Since(moved) < lossLimit {
		now, err := count(ctx)
		if err != nil {
			return first, last, n, err
		}
		if now != n {
			n, last, moved = now, time.Now(), time.Now()
			if first.IsZero() {
				first = last
			}
		}
		if err := wait.For(ctx, countPause); err != nil {
			return first, last, n, err
		}
	}
	return first, last, n, nil
}
