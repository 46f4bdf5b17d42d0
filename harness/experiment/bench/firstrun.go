package bench

import (
	"context"

	"hoplab.example/harness/server/keeper"
)

// tableGoal is how long a run may take from its start to the table of hops where all is in
// the caches, in seconds, on 2 cores with nothing else to do.
const tableGoal = 12

// Table compares how long a run takes from its start to the table of hops with full caches,
// as a second run has them, and with an empty cache of hoplab's. flow sends rows through
// the servers that Boots names, and checks each hop.
func (b Boots) Table(ctx context.Context, flow func(context.Context, *keeper.Client) error) ([]Figure, error) {
	run := func(s Stack) (float64, error) {
		took, err := b.onStack(ctx, s, func(c *keeper.Client) (map[string]float64, error) {
			if err := c.Ensure(ctx, b.Names, nil); err != nil {
				return nil, err
			}
			return nil, flow(ctx, c)
		})
		return took.all, err
	}
	var pairs []pair
	for i := range b.Runs {
		b.say("to the table: run %d of %d", i+1, b.Runs)
		second, err := run(Stack{Runtime: "local"})
		if err != nil {
			return nil, err
		}
		first, err := run(Stack{Runtime: "local", EmptyCache: true})
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{second, first})
	}
	f := compare("to the table of hops, second run / first", "s", pairs, 0, true)
	f.Detail = "the first run's cache of hoplab's is empty; its servers come from Maven's repository on this machine, and nothing is downloaded"
	return []Figure{f.withGoal(Goal{OfOurs, AtMost, tableGoal})}, nil
}
