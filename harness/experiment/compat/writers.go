package compat

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/esproxy"
	"hoplab.example/harness/util/wait"
	"hoplab.example/harness/verify/hop"
)

// The columns of the writers.
const (
	Flink       = "Flink 1.20"
	FlinkProxy  = "Flink 1.20 via esproxy"
	SecondFlink = "Flink 2.2"
	GoExporter  = "Go exporter"
)

// Columns returns those of the matrix, writers first.
func Columns() []string {
	columns := []string{Flink, FlinkProxy, SecondFlink, GoExporter, GoClient, Grafana}
	for _, k := range Kibanas() {
		columns = append(columns, Kibana(k))
	}
	return columns
}

// writer fills an index. It returns nil once it takes that for done.
type writer struct {
	column, suffix string
	write          func(*node, context.Context, pipeline.Pipeline) error
}

var writers = []writer{
	{Flink, "flink", (*node).flink},
	{FlinkProxy, "esproxy", (*node).flinkViaProxy},
	{SecondFlink, "flink2", (*node).secondFlink},
	{GoExporter, "exporter", (*node).export},
}

const (
	writeLimit = 2 * time.Minute // for a writer of a few hundred rows, on a busy machine
	askPause   = 100 * time.Millisecond
	endLimit   = 20 * time.Second // for a writer to end
)

// write has a writer fill its index, and checks every document of that, whether
// or not the writer takes it for done.
func (n *node) write(ctx context.Context, w writer) Cell {
	cell := Cell{Column: w.column}
	p := pipeline.Pipeline{
		Sites: sites{State: n.State, node: n.component}, Broker: broker,
		Names: names(n.Topic, strings.ReplaceAll(n.name, ".", "_")+"_"+w.suffix),
	}
	limited, cancel := context.WithTimeoutCause(ctx, writeLimit, fmt.Errorf("not done after %v", writeLimit))
	defer cancel()
	if err := w.write(n, limited, p); err != nil {
		cell.Words = err.Error()
		if w.column == Flink && !n.rooted {
			cell.Note = "an artefact of this distribution: it has no handler for the path / that Flink's sink asks first"
		}
	}
	n.check(ctx, p.Names.Index, &cell)
	return cell
}

// check counts a cell's documents. It works if its writer has had no error, and
// all documents are right, and the same as those of the writers before it.
func (n *node) check(ctx context.Context, index string, cell *Cell) {
	elastic, err := n.probe(index)
	if err != nil {
		cell.Words = err.Error()
		return
	}
	if cell.Words != "" {
		cell.Documents, _ = elastic.Count(ctx) // the writer's own error is what counts
		return
	}
	result := elastic.Check(ctx, n.Oracle)
	cell.Documents = result.Actual
	if result.Outcome != hop.Passed {
		cell.Words = result.Detail
		return
	}
	documents, err := elastic.Documents(ctx)
	if err == nil && n.reference == nil {
		n.reference, n.written = documents, index
	}
	if err == nil {
		err = same(n.reference, documents)
	}
	if err != nil {
		cell.Words = err.Error()
		return
	}
	cell.Works = true
}

func (n *node) flinkViaProxy(ctx context.Context, p pipeline.Pipeline) error {
	proxy, stop, err := serve(esproxy.Handler(n.State.Addr(n.component, "http"), nil))
	if err != nil {
		return err
	}
	defer stop()
	at := p.Sites.(sites)
	at.proxy = proxy
	p.Sites = at
	return n.flink(ctx, p)
}

func (n *node) secondFlink(ctx context.Context, p pipeline.Pipeline) error {
	at := p.Sites.(sites)
	at.second = true
	p.Sites = at
	return n.flink(ctx, p)
}

// flink runs lab 4's job over what the topic holds. A job that fails restarts
// forever, so its first failure counts.
func (n *node) flink(ctx context.Context, p pipeline.Pipeline) error {
	job, err := p.StartBoundedExport(ctx)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
		defer cancel()
		p.Flink().Cancel(ctx, job)
	}()
	return wait.Until(ctx, askPause, func() (bool, error) {
		seen, err := p.Flink().Job(ctx, job)
		switch {
		case err != nil:
			return true, err
		case seen.Cause != "":
			return true, errors.New(seen.Cause)
		case seen.State == "FINISHED":
			return true, nil
		case seen.Over():
			return true, fmt.Errorf("the job ended %s", seen.State)
		}
		return false, fmt.Errorf("the job is %s", seen.State)
	})
}

func (n *node) export(ctx context.Context, p pipeline.Pipeline) error {
	return p.ExportAll(ctx, n.Oracle.Count())
}
