package grade

import (
	"context"
	"strconv"
	"time"

	"hoplab.example/harness/exercise/fence"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
)

func init() {
	register(lab.Kind{Name: "connector", Doc: "Kafka Connect runs the student's connector; then the rows are published"}, checkConnector)
	register(lab.Kind{Name: "kafka-count", Needs: []string{"connector"}, Doc: "the topic has as many records as rows were published"}, checkKafkaCount)
	register(lab.Kind{Name: "kafka", Needs: []string{"connector"}, Doc: "each record holds its row, value by value"}, checkKafka)
}

const (
	// sedaSize is the key of how many messages Camel's queue between MQTT and Kafka
	// holds, sedaDefault what it holds without, and sedaWaits the key of an option with
	// which a full queue waits. In this version that comes too late: CamelSourceTask.start
	// makes the queue's endpoint before Camel reads the options.
	sedaSize    = "camel.component.seda.queueSize"
	sedaDefault = 1000
	sedaWaits   = "camel.component.seda.defaultBlockWhenFull"
	// beyond is how many rows are sent that the queue has no room for, at least.
	beyond = 2000
	// waiting is how long a queue with sedaWaits must be that gets no more rows than it
	// holds: who sets both has followed Camel's documentation, and a pause like the check's
	// is as long as the lab's rows.
	waiting = 10_000
)

// pausedRate and mostPaused bound how fast, and for how long, rows come while a
// connector is paused: it needs time to fill its queue.
const pausedRate, mostPaused = 4000, 20 * time.Second

// paused returns the rate at which rows come in the time that the worker has needed to
// start the connector, which is long where the machine is busy.
func paused(rows int64, took time.Duration) publish.Rate {
	return publish.PerSecond(min(pausedRate, float64(rows)/min(took, mostPaused).Seconds()))
}

// checkConnector starts the student's connector, and once its task runs pauses it, as
// when Kafka is away, while the rows arrive. A connector whose queue can only drop what
// it has no room for gets more rows than that: however long it is, it loses some.
func checkConnector(ctx context.Context, a *attempt, _ lab.Check) verdict {
	config, err := a.student.ConnectorConfig(a.lab.Files[0])
	if err == nil {
		err = a.overflow(config)
	}
	if err != nil {
		return failed(err)
	}
	began := time.Now()
	carrier, err := a.student.StartConnect(ctx)
	if err != nil {
		return failed(err)
	}
	a.undo = append(a.undo, func() { carrier.Stop() })
	took := time.Since(began)
	client, name := a.ours.ConnectClient(), a.ours.Connector()
	if err := client.Pause(ctx, name); err != nil {
		return failed(err)
	}
	rows := a.ours.PublishConfig(a.input)
	rows.Rate = paused(a.oracle.Count(), took)
	if _, err := publish.Run(ctx, rows); err != nil {
		return broken(err)
	}
	// It goes on receiving while it is paused. On a busy machine it is behind the publisher,
	// by more rows than were sent beyond its queue; nobody can ask it by how many.
	if err := wait.For(ctx, min(took, mostPaused)); err != nil {
		return broken(err)
	}
	if err := client.Resume(ctx, name); err != nil {
		return failed(err)
	}
	return passed()
}

// overflow makes the rows more than the queue of a connector holds, unless that is long
// and told to wait.
func (a *attempt) overflow(config map[string]string) (err error) {
	room, waits := int64(sedaDefault), false
	for key, value := range config {
		switch fence.CamelCase(key) {
		case sedaWaits:
			waits = value == "true"
		case sedaSize:
			if room, err = strconv.ParseInt(value, 10, 64); err != nil {
				return err
			}
		}
	}
	if waits && room >= waiting {
		return nil
	}
	g, generated := a.input.(wisdm.Generator)
	if rows := room + beyond; generated && rows > g.Rows {
		g.Rows = rows
		a.input = g
		a.oracle, err = wisdm.ReadOracle(a.input, wisdm.DefaultBase, 0)
	}
	return err
}

func checkKafkaCount(ctx context.Context, a *attempt, _ lab.Check) verdict {
	return counted(ctx, a.ours.KafkaProbe().Count, a.oracle.Count())
}

func checkKafka(ctx context.Context, a *attempt, _ lab.Check) verdict {
	topic := a.ours.KafkaProbe()
	topic.Unkeyed = true // Kafka Connect's records have no key
	return judged(topic.Check(ctx, a.oracle))
}
