package fault

import (
	"context"
	"time"

	"hoplab.example/harness/experiment/toxiproxy"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/wait"
)

// pull is as in Case.
type pull = func(ctx context.Context, f *flow, over func()) error

func kill(name string) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := f.Client.Do(ctx, keeper.Kill, name); err != nil {
			return err
		}
		if err := wait.For(ctx, away); err != nil {
			return err
		}
		over()
		return f.Client.Do(ctx, keeper.Restart, name)
	}
}

// hold is a fault with an end: begin it, let it last, and take it back, which
// happens when ctx has ended too.
func hold(begin, last, end func(context.Context, *flow) error) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := begin(ctx, f); err != nil {
			return err
		}
		err := last(ctx, f)
		over()
		if ended := end(context.WithoutCancel(ctx), f); err == nil {
			err = ended
		}
		return err
	}
}

func span(d time.Duration) func(context.Context, *flow) error {
	return func(ctx context.Context, _ *flow) error { return wait.For(ctx, d) }
}

func pause(name string, d time.Duration) pull {
	do := func(what keeper.Fault) func(context.Context, *flow) error {
		return func(ctx context.Context, f *flow) error { return f.Client.Do(ctx, what, name) }
	}
	return hold(do(keeper.Pause), span(d), do(keeper.Resume))
}

func pauseBridge(d time.Duration) pull {
	return hold(
		func(_ context.Context, f *flow) error { return f.bridge.Pause() }, span(d),
		func(_ context.Context, f *flow) error { return f.bridge.Resume() })
}

func killBridge(ctx context.Context, f *flow, over func()) error {
	if err := f.bridge.Kill(); err != nil {
		return err
	}
	if err := wait.For(ctx, away); err != nil {
		return err
	}
	over()
	return f.startBridge(ctx)
}

// backlog lets so many rows more come while the bridge is away.
func backlog(rows int64) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := f.bridge.Kill(); err != nil {
			return err
		}
		if err := f.publishMore(ctx, rows); err != nil {
			return err
		}
		over()
		return f.startBridge(ctx)
	}
}

func cutWay(way string) pull { return through(way, toxiproxy.Client.Cut, away) }

func holdWay(way string, d time.Duration) pull { return through(way, toxiproxy.Client.Hold, d) }

func through(way string, begin func(toxiproxy.Client, string) error, d time.Duration) pull {
	return hold(
		func(_ context.Context, f *flow) error { return begin(f.ways(), way) }, span(d),
		func(_ context.Context, f *flow) error { return f.ways().Restore(way) })
}

func block(setting string) pull {
	set := func(value any) func(context.Context, *flow) error {
		return func(ctx context.Context, f *flow) error {
			return f.ElasticClient().SetIndex(ctx, f.Names.Index, setting, value)
		}
	}
	return hold(set(true), func(ctx context.Context, f *flow) error { return f.refused(ctx) }, set(nil))
}

// refused returns once the sink has been refused, which the job reports as the
// cause of its restarts.
func (f *flow) refused(ctx context.Context) error {
	return f.await(ctx, "Flink's job is refused by Elasticsearch", func() bool {
		cause, err := f.jobCause(ctx)
		return err == nil && cause != ""
	})
}

func (f *flow) ways() toxiproxy.Client { return toxiproxy.New(f.state.Addr("toxiproxy", "api")) }
