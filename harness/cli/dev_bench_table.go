package cli

import (
	"context"
	"errors"

	"hoplab.example/harness/experiment/bench"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/verify/hop"
)

// table measures runs as 'lab run' makes them without flags.
func (b *bencher) table(ctx context.Context) ([]bench.Figure, error) {
	o := inputOptions{seed: 1, order: byTime}
	input, err := o.open(&badRows{ui: b.err})
	if err != nil {
		return nil, err
	}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		return nil, err
	}
	flow := func(ctx context.Context, c *keeper.Client) error {
		state, err := c.State(ctx)
		if err != nil {
			return err
		}
		p := pipeline.Pipeline{Sites: state, Broker: benchBroker, Names: pipeline.NewNames("")}
		results, err := endtoend.Run(ctx, p, endtoend.Flow{Input: input, Oracle: oracle, Base: wisdm.DefaultBase, QoS: 1})
		if err == nil && hop.NewReport(results).Outcome != hop.Passed {
			err = errors.New("a hop has not passed; 'lab run' shows which")
		}
		return err
	}
	boots := b.boots()
	boots.Names = flowServers
	return b.booting(ctx, func(ctx context.Context) ([]bench.Figure, error) { return boots.Table(ctx, flow) })
}
