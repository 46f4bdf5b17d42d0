package fault

import (
	"io"
	"sync/atomic"

	"hoplab.example/harness/rows/wisdm"
)

// gate is an input that ends when it is told to, so that the publisher ends as
// after a last row, and waits for all acknowledgements.
type gate struct {
	wisdm.Input
	closed *atomic.Bool
}

func newGate(input wisdm.Input) gate { return gate{input, new(atomic.Bool)} }

func (g gate) close() { g.closed.Store(true) }

func (g gate) Open() (wisdm.Source, error) {
	src, err := g.Input.Open()
	return gated{src, g.closed}, err
}

type gated struct {
	wisdm.Source
	closed *atomic.Bool
}

func (g gated) Read() (wisdm.Row, error) {
	if g.closed.Load() {
		return wisdm.Row{}, io.EOF
	}
	return g.Source.Read()
}
