package compat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/check/probe"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
)

const (
	broker = "mochi"
	stall  = 20 * time.Second // for which the topic may stand still
)

// fill brings all rows into the topic, by the pipeline's own publisher and
// bridge.
func fill(ctx context.Context, o Options) (err error) {
	p := pipeline.Pipeline{Sites: o.State, Names: names(o.Topic, ""), Broker: broker}
	bridge, err := p.StartBridge(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bridge.Stop()) }()
	if _, err := publish.Run(ctx, p.PublishConfig(o.Input)); err != nil {
		return err
	}
	sent := make(chan struct{})
	close(sent)
	topic, seen := p.KafkaProbe(), int64(0)
	if _, err := probe.Watch(ctx, topic.Count, o.Oracle.Count(), sent, stall, func(n int64) { seen = n }); err != nil {
		return err
	}
	if seen != o.Oracle.Count() {
		return fmt.Errorf("the topic %q holds %d of %d rows", o.Topic, seen, o.Oracle.Count())
	}
	return nil
}

// names are those of a writer's pipeline: the topic is everybody's, the index its
// own.
func names(topic, writer string) pipeline.Names {
	index := topic + "_" + writer
	return pipeline.Names{Source: topic, Topic: topic, Table: "lana_" + index, Sink: "datuak_" + index, Index: index}
}
