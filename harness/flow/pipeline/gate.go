package pipeline

import (
	"context"
	"fmt"
	"io"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
)

// maxInFlight bounds how many rows may be published that aren't taken yet. The
// broker keeps what its subscribers haven't taken in memory, some 500 bytes a
// row for each of the two, and drops what is beyond component.MQTTQueue; so that
// bounds its memory to some 20 MB, and nothing is dropped.
const maxInFlight = 20_000

const (
	gateEvery = 256 // rows between two looks
	gatePause = 2 * time.Millisecond
)

// gated is an input whose rows wait while too many are in flight.
type gated struct {
	wisdm.Input
	ctx   context.Context // of the one flow that it is made for
	taken func(context.Context) (int64, error)
}

func (g gated) Open() (wisdm.Source, error) {
	rows, err := g.Input.Open()
	return &gate{Source: rows, gated: g}, err
}

type gate struct {
	wisdm.Source
	gated gated
	given int64
}

func (g *gate) Read() (wisdm.Row, error) {
	if g.given%gateEvery == 0 {
		if err := g.wait(); err != nil {
			return wisdm.Row{}, err
		}
	}
	g.given++
	return g.Source.Read()
}

func (g *gate) Close() error {
	if closer, ok := g.Source.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// wait ends with an error where nothing is taken any more.
func (g *gate) wait() error {
	var before int64
	moved := time.Now()
	for {
		taken, err := g.gated.taken(g.gated.ctx)
		if err != nil || g.given-taken < maxInFlight {
			return err
		}
		if taken != before {
			before, moved = taken, time.Now()
		}
		if time.Since(moved) > loadStall {
			return fmt.Errorf("of %d rows that were published, bridge and probe have taken %d, and no more for %v; see the logs of the MQTT broker and Kafka",
				g.given, taken, loadStall)
		}
		if err := wait.For(g.gated.ctx, gatePause); err != nil {
			return err
		}
	}
}
