package pipeline

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/flow/bridge"
)

const readyLimit = time.Minute // for a bridge to be ready

// Carrier is a bridge that runs.
type Carrier struct {
	// Stop ends it, once what it has taken from MQTT is in Kafka, and returns what
	// went wrong, if anything.
	Stop func() error
	// Stats counts what it has done; nil for a bridge that doesn't count.
	Stats func() bridge.Stats
	// Done is closed when it has ended by itself; nil where that isn't watched.
	Done <-chan struct{}
}

// StartBridge starts hoplab's own bridge and returns when it is ready. ctx cancels
// the wait only: a bridge that is ready ends by Stop, once what it holds is in
// Kafka.
func (p Pipeline) StartBridge(ctx context.Context) (*Carrier, error) {
	b, err := bridge.New(p.BridgeConfig())
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	var ended error
	go func() {
		defer close(done)
		ended = b.Run(running)
	}()
	stop := func() error { cancel(); <-done; return ended }
	timer := time.NewTimer(readyLimit)
	defer timer.Stop()
	select {
	case <-b.Ready():
		return &Carrier{Stop: stop, Stats: b.Stats, Done: done}, nil
	case <-done:
		return nil, stop()
	case <-ctx.Done():
		stop()
		return nil, context.Cause(ctx)
	case <-timer.C:
		return nil, fmt.Errorf("the bridge was not ready in %v: %w", readyLimit, stop())
	}
}
