package endtoend

import (
	"context"
	"fmt"
	"io"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/wait"
)

// maxInFlight is how many rows may be published that aren't taken yet. The broker
// keeps what its subscribers haven't taken in memory, some 500 bytes per row for
// each of the two, and drops what is beyond component.MQTTQueue. The limit keeps its
// memory at some 20 MB and makes sure that nothing is dropped.
const maxInFlight = 20_000

const (
	lookEvery = 256 // rows between two looks
	lookPause = 2 * time.Millisecond
)

// throttled is an input whose rows wait while too many are in flight.
type throttled struct {
	wisdm.Input
	ctx   context.Context // of the flow that it is made for
	taken func(context.Context) (int64, error)
}

func (t throttled) Open() (wisdm.Source, error) {
	rows, err := t.Input.Open()
	return &throttle{Source: rows, limit: t}, err
}

type throttle struct {
	wisdm.Source
	limit throttled
	given int64
}

func (t *throttle) Read() (wisdm.Row, error) {
	if t.given%lookEvery == 0 {
		if err := t.wait(); err != nil {
			return wisdm.Row{}, err
		}
	}
	t.given++
	return t.Source.Read()
}

func (t *throttle) Close() error {
	if closer, ok := t.Source.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}

// wait returns an error where rows are no longer taken.
func (t *throttle) wait() error {
	var before int64
	moved := time.Now()
	for {
		taken, err := t.limit.taken(t.limit.ctx)
		if err != nil || t.given-taken < maxInFlight {
			return err
		}
		if taken != before {
			before, moved = taken, time.Now()
		}
		if time.Since(moved) > loadStall {
			return fmt.Errorf("bridge and probe have taken %[2]d of %[1]d published rows, and no more for %[3]v; see the logs of the MQTT broker and Kafka",
				t.given, taken, loadStall)
		}
		if err := wait.For(t.limit.ctx, lookPause); err != nil {
			return err
		}
	}
}
