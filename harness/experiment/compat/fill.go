package compat

import (
	"context"
	"time"

	"hoplab.example/harness/flow/pipeline"
)

const (
	broker = "mochi"
	stall  = 20 * time.Second // for which the topic may make no progress
)

// fill brings all rows into the topic, by the pipeline's own publisher and
// bridge.
func fill(ctx context.Context, o Options) error {
	p := pipeline.Pipeline{Sites: o.State, Names: names(o.Topic, ""), Broker: broker}
	return p.FillTopic(ctx, o.Input, o.Oracle.Count(), stall)
}

// names are those of a writer's pipeline: the topic is everybody's, the index its
// own.
func names(topic, writer string) pipeline.Names {
	index := topic + "_" + writer
	return pipeline.Names{Source: topic, Topic: topic, Table: "lana_" + index, Sink: "datuak_" + index, Index: index}
}
