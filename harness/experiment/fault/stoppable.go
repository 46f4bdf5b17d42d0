package fault

import (
	"io"
	"sync/atomic"

	"hoplab.example/harness/rows/wisdm"
)

// stoppable is an input that ends when it is stopped, so the publisher ends as
// after a last row, and waits for all acknowledgements.
type stoppable struct {
	wisdm.Input
	stopped *atomic.Bool
}

func newStoppable(input wisdm.Input) stoppable { return stoppable{input, new(atomic.Bool)} }

func (s stoppable) stop() { s.stopped.Store(true) }

// Open begins the input.
func (s stoppable) Open() (wisdm.Source, error) {
	src, err := s.Input.Open()
	return stoppableSource{src, s.stopped}, err
}

type stoppableSource struct {
	wisdm.Source
	stopped *atomic.Bool
}

// Read returns the next row, or io.EOF once the input was stopped.
func (s stoppableSource) Read() (wisdm.Row, error) {
	if s.stopped.Load() {
		return wisdm.Row{}, io.EOF
	}
	return s.Source.Read()
}
