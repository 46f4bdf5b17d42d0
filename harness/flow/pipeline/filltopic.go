package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/probe"
)

// FillTopic brings all rows of input into the topic, by hoplab's own publisher and
// bridge, which it starts and ends. Where the topic makes no progress for stall before
// it holds want records, they are missing, which is an error.
func (p Pipeline) FillTopic(ctx context.Context, input wisdm.Input, want int64, stall time.Duration) (err error) {
	carrier, err := p.StartBridge(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, carrier.Stop()) }()
	if _, err := publish.Run(ctx, p.PublishConfig(input)); err != nil {
		return err
	}
	stored, err := probe.Await(ctx, p.KafkaProbe().Count, want, stall)
	if err == nil && stored < want {
		err = fmt.Errorf("the topic %q holds %d of %d rows", p.Names.Topic, stored, want)
	}
	return err
}
