package endtoend

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/check/probe"
)

// check looks at each hop. After one that isn't right, the later ones, which
// can't be right either, only tell how many rows they have.
func (r *run) check(ctx context.Context) []hop.Result {
	tables, err := r.Tables()
	if err != nil {
		return []hop.Result{hop.Errored(hop.Flink, r.Oracle.Count(), err)}
	}
	elastic, err := r.ElasticProbe()
	if err != nil {
		return []hop.Result{hop.Errored(hop.Elasticsearch, r.Oracle.Count(), err)}
	}
	query := probe.Flink{Client: r.Flink(), Tables: tables, Table: r.Names.Table}
	checks := []struct {
		name string
		look func() hop.Result
	}{
		{hop.MQTT, func() hop.Result { return r.heard.Check(r.Oracle) }},
		{hop.Kafka, func() hop.Result { return r.kafka().Check(ctx, r.Oracle) }},
		{hop.Flink, func() hop.Result { return query.Check(ctx, r.Oracle) }},
		{hop.Elasticsearch, func() hop.Result { return r.blameJob(ctx, elastic.Check(ctx, r.Oracle)) }},
		{hop.Kibana, func() hop.Result { return r.lookAtKibana(ctx) }},
		{hop.Grafana, func() hop.Result { return r.lookAtGrafana(ctx) }},
	}
	var results []hop.Result
	blame := ""
	for _, c := range checks {
		if blame != "" {
			skipped := hop.SkippedFor(c.name, r.Oracle.Count(), fmt.Sprintf("not checked, since %s", blame))
			skipped.Actual = r.has(c.name)
			results = append(results, skipped)
			continue
		}
		result := c.look()
		r.spanned(&result)
		if result.Outcome != hop.Passed && c.name != hop.Kibana { // on which Grafana doesn't depend
			blame = fmt.Sprintf("%s, which it depends on, has %s", c.name, verb(result.Outcome))
		}
		results = append(results, result)
	}
	return results
}

func (r *run) spanned(result *hop.Result) {
	if result.Span == 0 {
		result.Span = r.spans[result.Hop]
	}
}

// blameJob adds to a result that isn't good why the Flink job can't write.
func (r *run) blameJob(ctx context.Context, result hop.Result) hop.Result {
	if result.Outcome == hop.Passed {
		return result
	}
	if job, err := r.Flink().Job(ctx, r.job); err == nil && job.Cause != "" {
		result.Detail += fmt.Sprintf("\nFlink's job %q is %s: %s", job.Name, job.State, job.Cause)
	}
	return result
}

func verb(o hop.Outcome) string {
	if o == hop.Error {
		return "an error"
	}
	return string(o)
}

// checkLedger looks at each hop up to Elasticsearch, at all of them whatever
// comes out: what MQTT has told is gone, and Kafka, whose rows can be read again,
// tells more of a row that was changed before it.
func (r *run) checkLedger(ctx context.Context) []hop.Result {
	tables, err := r.Tables()
	if err != nil {
		return []hop.Result{hop.Errored(hop.Flink, r.Expected(), err)}
	}
	elastic, err := r.ElasticProbe()
	if err != nil {
		return []hop.Result{hop.Errored(hop.Elasticsearch, r.Expected(), err)}
	}
	query := probe.Flink{Client: r.Flink(), Tables: tables, Table: r.Names.Table}
	progress := func(name string) probe.Progress {
		return func(rows int64) { r.note("check of "+name, rows) }
	}
	var results []hop.Result
	for _, check := range []struct {
		name string
		look func() hop.Result
	}{
		{hop.MQTT, func() hop.Result { return r.heard.CheckLedger(ctx, r.Ledger) }},
		{hop.Kafka, func() hop.Result { return r.kafka().CheckLedger(ctx, r.Ledger, progress(hop.Kafka)) }},
		{hop.Flink, func() hop.Result { return query.CheckLedger(ctx, r.Ledger) }},
		{hop.Elasticsearch, func() hop.Result {
			return r.blameJob(ctx, elastic.CheckLedger(ctx, r.Ledger, progress(hop.Elasticsearch)))
		}},
	} {
		r.say("checking " + check.name)
		began := time.Now()
		result := check.look()
		result.Took = time.Since(began)
		r.spanned(&result)
		results = append(results, result)
	}
	return results
}
