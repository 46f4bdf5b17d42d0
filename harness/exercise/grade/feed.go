package grade

import (
	"context"
	"sync"

	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
)

// feed sends an attempt's rows in two halves, with a publisher that waits between
// them: the rows are numbered as if there were no break.
type feed struct {
	half      int64 // rows of the first one
	committed int64 // of them, when the first job was cancelled
	goOn      func()
	ended     chan struct{}
	failed    error // once ended is closed
}

// feed starts our bridge and publishes the first half. The second one comes with
// goOn.
func (a *attempt) feed(ctx context.Context) (*feed, error) {
	carrier, err := a.ours.StartBridge(ctx)
	if err != nil {
		return nil, err
	}
	f := &feed{half: a.oracle.Count() / 2, ended: make(chan struct{})}
	released := make(chan struct{})
	f.goOn = sync.OnceFunc(func() { close(released) })
	running, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it lasts longer than one check
	a.undo = append(a.undo, func() {
		cancel()
		f.goOn()
		<-f.ended
		carrier.Stop()
	})
	go func() {
		defer close(f.ended)
		_, f.failed = publish.Run(running, a.ours.PublishConfig(gated{a.input, f.half, released}))
	}()
	return f, nil
}

// rest sends the second half and waits until it is sent.
func (f *feed) rest(ctx context.Context) error {
	f.goOn()
	select {
	case <-f.ended:
		return f.failed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// gated is an input that stops after some rows until it is released.
type gated struct {
	wisdm.Input
	first    int64
	released <-chan struct{}
}

// Open returns the rows from the first on.
func (g gated) Open() (wisdm.Source, error) {
	source, err := g.Input.Open()
	return &gate{Source: source, left: g.first, released: g.released}, err
}

type gate struct {
	wisdm.Source
	left     int64
	released <-chan struct{}
}

// Read waits before the first row of the second half.
func (g *gate) Read() (wisdm.Row, error) {
	if g.left == 0 {
		<-g.released
	}
	g.left--
	return g.Source.Read()
}
