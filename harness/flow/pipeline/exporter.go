package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/flow/exporter"
	"hoplab.example/harness/util/wait"
)

// NoSinkError says that the stack's Flink can't write to Elasticsearch: the SQL sink that
// hoplab has is made for Flink 1, and fails on Flink 2 ('lab dev compat' tries it).
type NoSinkError struct{ Version string }

func (e *NoSinkError) Error() string {
	return fmt.Sprintf("hoplab has no SQL sink for Elasticsearch that runs on Flink %s; the stack classic has one", e.Version)
}

// NeedSink asks Flink for its version. It returns a *NoSinkError where that Flink can't
// write to Elasticsearch.
func (p Pipeline) NeedSink(ctx context.Context) error {
	version, err := p.Flink().Version(ctx)
	if err == nil && !strings.HasPrefix(version, "1.") {
		err = &NoSinkError{version}
	}
	return err
}

// FillIndex writes what the topic holds, which is want rows, into the index: by lab 4's
// job, whose id it returns, or by hoplab's exporter where Flink has no sink.
func (p Pipeline) FillIndex(ctx context.Context, want int64) (job string, err error) {
	err = p.NeedSink(ctx)
	if errors.As(err, new(*NoSinkError)) {
		return "", p.ExportAll(ctx, want)
	}
	if err != nil {
		return "", err
	}
	if job, err = p.StartBoundedExport(ctx); err == nil {
		err = p.Flink().AwaitJob(ctx, job, nil)
	}
	return job, err
}

const exportPause = 100 * time.Millisecond // between two looks at the exporter

// ExportAll has hoplab's exporter run until want rows of the topic are in the index.
func (p Pipeline) ExportAll(ctx context.Context, want int64) error {
	e, err := p.StartExporter(ctx)
	if err != nil {
		return err
	}
	for e.Stats().Committed < want {
		select {
		case <-e.Done:
			return e.Stop()
		default:
		}
		if err := wait.For(ctx, exportPause); err != nil {
			return fmt.Errorf("%w: %+v, %w", err, e.Stats(), errors.Join(e.Trouble(), e.Stop()))
		}
	}
	return e.Stop()
}

// Exporting is an exporter that runs.
type Exporting struct {
	*exporter.Exporter
	// Stop ends it, and returns what went wrong, if anything.
	Stop func() error
	Done <-chan struct{} // closed when it has ended by itself
}

// StartExporter puts the template and starts hoplab's own exporter. ctx cancels the
// template's request only: the exporter ends by Stop.
func (p Pipeline) StartExporter(ctx context.Context) (*Exporting, error) {
	if err := p.PutTemplate(ctx); err != nil {
		return nil, err
	}
	e, err := exporter.New(p.ExporterConfig())
	if err != nil {
		return nil, err
	}
	stop, done := inBackground(ctx, e.Run)
	return &Exporting{Exporter: e, Stop: stop, Done: done}, nil
}

// inBackground runs what ends by stop, which returns its error.
func inBackground(ctx context.Context, run func(context.Context) error) (stop func() error, done <-chan struct{}) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	over := make(chan struct{})
	var ended error
	go func() {
		defer close(over)
		ended = run(running)
	}()
	return func() error { cancel(); <-over; return ended }, over
}
