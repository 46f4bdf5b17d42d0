package bridge

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const readyLimit = time.Minute // for a bridge to be ready

// Running is a bridge that was started.
type Running struct {
	*Bridge
	cancel context.CancelFunc
	done   chan struct{}
	ended  error // once done is closed
}

// Start starts a bridge and returns when it is ready. ctx cancels the wait only: a
// bridge that is ready ends by Stop.
func Start(ctx context.Context, cfg Config) (*Running, error) {
	b, err := New(cfg)
	if err != nil {
		return nil, err
	}
	r := &Running{Bridge: b, done: make(chan struct{})}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	r.cancel = cancel
	go func() {
		defer close(r.done)
		r.ended = b.Run(running)
	}()
	timer := time.NewTimer(readyLimit)
	defer timer.Stop()
	select {
	case <-b.Ready():
		return r, nil
	case <-r.done:
		return nil, r.Stop()
	case <-ctx.Done():
		_ = r.Stop()
		return nil, context.Cause(ctx)
	case <-timer.C:
		return nil, fmt.Errorf("the bridge was not ready in %v: %w", readyLimit, errors.Join(b.Trouble(), r.Stop()))
	}
}

// Stop ends the bridge once what it has taken from MQTT is in Kafka, and returns what
// [Bridge.Run] does.
func (r *Running) Stop() error {
	r.cancel()
	<-r.done
	return r.ended
}

// Done is closed when the bridge has ended, which it also does by itself.
func (r *Running) Done() <-chan struct{} { return r.done }
