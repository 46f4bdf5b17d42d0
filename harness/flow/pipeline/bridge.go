package pipeline

import (
	"context"
	"time"

	"hoplab.example/harness/flow/bridge"
)

const readyLimit = time.Minute // for a connector to be ready

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

// StartBridge starts hoplab's own bridge; see [bridge.Start].
func (p Pipeline) StartBridge(ctx context.Context) (*Carrier, error) {
	b, err := bridge.Start(ctx, p.BridgeConfig())
	if err != nil {
		return nil, err
	}
	return &Carrier{Stop: b.Stop, Stats: b.Stats, Done: b.Done()}, nil
}
