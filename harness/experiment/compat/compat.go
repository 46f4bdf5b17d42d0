// Package compat tries versions of Elasticsearch with each of the pipeline's
// writers and readers, and reports which go together. What writes and reads is run
// for real, on the stack [version.Compat]: the same rows, one Kafka, one Flink, and
// an index for each writer on each node. Of Grafana and Kibana, which are in no
// package, the rules that they publish are applied to the version that the node
// reports.
//
// The files: fill.go (rows into Kafka), node.go (a node as the pipeline sees
// it), writers.go, readers.go, rules.go, words.go (errors in short), table.go
// and markdown.go (the matrix as text).
package compat

import (
	"context"
	"fmt"
	"sync"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
)

// Cell is how a writer or a reader did with a version of Elasticsearch.
type Cell struct {
	Column string `json:"column"`
	Works  bool   `json:"works"`
	// Documents is how many the writer's index holds, or the reader has counted. A
	// rule counts none.
	Documents int64 `json:"documents"`
	// Words are the error's own, in one line and without what is different at
	// each run; empty where it works.
	Words string `json:"words,omitempty"`
	// Note is what else a reader must know.
	Note string `json:"note,omitempty"`
}

// Version is a row of the matrix.
type Version struct {
	Elasticsearch string `json:"elasticsearch"` // as the node reports it
	Cells         []Cell `json:"cells"`         // in the order of Columns
}

// Matrix is what a run has seen.
type Matrix struct {
	Rows     int64         `json:"rows"` // each writer's, and so of an index that is right
	Versions []Version     `json:"versions"`
	Span     time.Duration `json:"span_ns"` // of the run, without the servers' boot
}

// Cell returns the one of a version and a column, or nil.
func (m Matrix) Cell(version, column string) *Cell {
	for _, v := range m.Versions {
		for i, c := range v.Cells {
			if v.Elasticsearch == version && c.Column == column {
				return &v.Cells[i]
			}
		}
	}
	return nil
}

// Components returns those that have to be ready for a run.
func Components() ([]string, error) {
	versions, err := version.Find(version.Compat)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range versions.Components() {
		names = append(names, c.Name)
	}
	return names, nil
}

// Options say what a run is made of.
type Options struct {
	// State is that of a keeper of the stack Compat, in the local runtime.
	State keeper.State
	// Input is what is written, and Oracle what must be in each index.
	Input  wisdm.Input
	Oracle *wisdm.Oracle
	// Topic names the topic, and begins the names of all indexes.
	Topic string
	// Report, if any, is called for each cell once it is known. It may be called from
	// several goroutines at once.
	Report func(version string, c Cell)
}

// Run tries everything. Its error says what kept it from that: a writer or reader
// that fails is a cell, not an error.
func Run(ctx context.Context, o Options) (Matrix, error) {
	began := time.Now()
	versions, err := version.Find(version.Compat)
	if err != nil {
		return Matrix{}, err
	}
	if err := fill(ctx, o); err != nil {
		return Matrix{}, fmt.Errorf("bring the rows into Kafka: %w", err)
	}
	nodes := versions.Nodes()
	m := Matrix{Rows: o.Oracle.Count(), Versions: make([]Version, len(nodes))}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var group sync.WaitGroup
	for i, part := range nodes {
		group.Go(func() {
			n := &node{Options: o, component: part.Name, name: part.Version}
			if err := n.try(ctx); err != nil {
				cancel(fmt.Errorf("%s: %w", part.Name, err))
			}
			m.Versions[i] = n.Version
		})
	}
	group.Wait()
	m.Span = time.Since(began)
	return m, context.Cause(ctx)
}
