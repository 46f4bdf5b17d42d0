package course

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/mixed"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

const (
	beginLimit = 2 * time.Minute  // for the pipeline to be where the lab begins
	stall      = 20 * time.Second // how long a hop may make no progress until then
)

// begin brings the pipeline to where the lab begins.
func (p *pageRun) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beginLimit)
	defer cancel()
	if err := p.prepare(ctx); err != nil {
		return fmt.Errorf("bring the pipeline to where lab %s begins: %w", p.lab.ID, err)
	}
	return nil
}

func (p *pageRun) prepare(ctx context.Context) error {
	if p.has("sql") {
		var err error
		if p.session, err = p.Flink().OpenSession(ctx, pipeline.SessionConfig()); err != nil {
			return err
		}
	}
	switch p.lab.Hop {
	case hop.MQTT:
		return nil
	case hop.Kafka:
		return bridge.CreateTopic(ctx, p.BridgeConfig())
	}
	if err := p.fill(ctx); err != nil || p.lab.Hop == hop.Flink {
		return err
	}
	if err := p.table(ctx); err != nil || p.lab.Hop == hop.Elasticsearch {
		return err
	}
	return p.export(ctx)
}

// fill brings the lab's rows into the topic.
func (p *pageRun) fill(ctx context.Context) error {
	return mixed.Fill(ctx, p.Pipeline, p.lab, p.lab.Generator(cmp.Or(p.Seed, Seed)), stall)
}

// filled waits until there are as many rows as there must be.
func filled(ctx context.Context, what string, count probe.Counter, want int64) error {
	got, err := probe.Await(ctx, count, want, stall)
	if err == nil && got != want {
		err = fmt.Errorf("%s has %d rows, want %d", what, got, want)
	}
	return err
}

// table creates lab 3's table in the session of the sql cells. It ends where the topic
// does, so a query over it ends too.
func (p *pageRun) table(ctx context.Context) error {
	if p.session == nil {
		return nil
	}
	statements, err := p.Tables()
	if err != nil {
		return err
	}
	for i, s := range statements {
		statements[i] = s.WithOptions("kafka", flink.UntilNow)
	}
	_, err = p.session.RunAll(ctx, statements)
	return err
}

// export fills the index for the dashboards.
func (p *pageRun) export(ctx context.Context) error {
	job, err := p.FillIndex(ctx, p.lab.Rows)
	if job != "" {
		p.jobs = append(p.jobs, job)
	}
	if err != nil {
		return err
	}
	index, err := p.ElasticProbe()
	if err != nil {
		return err
	}
	return filled(ctx, "the index", index.Count, p.lab.Rows)
}
