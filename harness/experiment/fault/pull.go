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

func pause(name string, span time.Duration) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := f.Client.Do(ctx, keeper.Pause, name); err != nil {
			return err
		}
		err := wait.For(ctx, span)
		over()
		if resumed := f.Client.Do(context.WithoutCancel(ctx), keeper.Resume, name); err == nil {
			err = resumed
		}
		return err
	}
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

func pauseBridge(span time.Duration) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := f.bridge.Pause(); err != nil {
			return err
		}
		err := wait.For(ctx, span)
		over()
		if resumed := f.bridge.Resume(); err == nil {
			err = resumed
		}
		return err
	}
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

func cutWay(way string) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		return f.through(ctx, way, away, f.ways().Cut, over)
	}
}

func holdWay(way string, span time.Duration) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		return f.through(ctx, way, span, f.ways().Hold, over)
	}
}

func (f *flow) through(ctx context.Context, way string, span time.Duration, begin func(string) error, over func()) error {
	if err := begin(way); err != nil {
		return err
	}
	err := wait.For(ctx, span)
	over()
	if restored := f.ways().Restore(way); err == nil {
		err = restored
	}
	return err
}

func block(setting string) pull {
	return func(ctx context.Context, f *flow, over func()) error {
		if err := f.ElasticClient().SetIndex(ctx, f.Names.Index, setting, true); err != nil {
			return err
		}
		err := f.refused(ctx)
		over()
		if freed := f.ElasticClient().SetIndex(context.WithoutCancel(ctx), f.Names.Index, setting, nil); err == nil {
			err = freed
		}
		return err
	}
}

// refused returns once the sink has been refused, which the job tells as the cause
// of its restarts.
func (f *flow) refused(ctx context.Context) error {
	return f.await(ctx, "Flink's job is refused by Elasticsearch", func() bool {
		cause, err := f.jobCause(ctx)
		return err == nil && cause != ""
	})
}

func (f *flow) ways() toxiproxy.Client { return toxiproxy.New(f.state.Addr("toxiproxy", "api")) }
