package watch

import (
	"context"

	"hoplab.example/harness/flow/pipeline"
)

// Following returns a source that reads the pipeline whose names are returned by names,
// which may be others each time.
func Following(names func() pipeline.Names, source func(pipeline.Names) Source) Source {
	return &following{names: names, make: source}
}

type following struct {
	names func() pipeline.Names
	make  func(pipeline.Names) Source
	known pipeline.Names
	now   Source
}

// Read implements Source.
func (f *following) Read(ctx context.Context) Sample {
	if n := f.names(); f.now == nil || n != f.known {
		f.Close()
		f.known, f.now = n, f.make(n)
	}
	return f.now.Read(ctx)
}

// Close implements Source.
func (f *following) Close() {
	if f.now != nil {
		f.now.Close()
	}
}
