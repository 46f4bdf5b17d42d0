package endtoend

import (
	"context"
	"fmt"
	"time"

	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// check looks at each hop. After one that isn't right, the later ones, which
// can't be right either, only report how many rows they have. With a Ledger they
// are checked all the same: the rows that MQTT has delivered are gone, and Kafka,
// whose rows can be read again, says more of a row that was changed before it.
func (r *run) check(ctx context.Context) []hop.Result {
	checks, failed := r.checks(ctx)
	if failed != nil {
		return []hop.Result{*failed}
	}
	var results []hop.Result
	blame := ""
	for _, c := range checks {
		if blame != "" && r.Ledger == nil {
			skipped := hop.SkippedFor(c.name, r.Expected(), fmt.Sprintf("not checked, since %s", blame))
			skipped.Actual = r.has(c.name)
			results = append(results, skipped)
			continue
		}
		if r.Ledger != nil {
			r.say("checking " + c.name)
		}
		began := time.Now()
		result := c.look()
		result.Took = time.Since(began)
		if result.Span == 0 {
			result.Span = r.spans[result.Hop]
		}
		if result.Outcome != hop.Passed && c.name != hop.Kibana && c.name != hop.Grafana { // on which no other hop depends
			blame = fmt.Sprintf("%s, which it depends on, has %s", c.name, verb(result.Outcome))
		}
		results = append(results, result)
	}
	return results
}

type check struct {
	name string
	look func() hop.Result
}

// checks returns those of the hops up to Elasticsearch and, where an oracle has the
// rows, those of the dashboards; or else the result of the hop that can't be checked.
func (r *run) checks(ctx context.Context) ([]check, *hop.Result) {
	fail := func(name string, err error) ([]check, *hop.Result) {
		result := hop.Errored(name, r.Expected(), err)
		return nil, &result
	}
	tables, err := r.Tables()
	if err != nil {
		return fail(hop.Flink, err)
	}
	elastic, err := r.ElasticProbe()
	if err != nil {
		return fail(hop.Elasticsearch, err)
	}
	progress := func(name string) probe.Progress {
		return func(rows int64) { r.note("check of "+name, rows) }
	}
	want, topic := r.want(), r.kafka()
	topic.Progress, elastic.Progress = progress(hop.Kafka), progress(hop.Elasticsearch)
	query := probe.Flink{Client: r.Flink(), Tables: tables, Table: r.Names.Table}
	checks := []check{
		{hop.MQTT, func() hop.Result { return r.heard.Check(ctx, want) }},
		{hop.Kafka, func() hop.Result { return topic.Check(ctx, want) }},
		{hop.Flink, func() hop.Result { return query.Check(ctx, want) }},
		{hop.Elasticsearch, func() hop.Result { return r.blameJob(ctx, elastic.Check(ctx, want)) }},
	}
	if r.Ledger == nil {
		checks = append(checks,
			check{hop.Kibana, func() hop.Result { return r.lookAtKibana(ctx) }},
			check{hop.Grafana, func() hop.Result { return r.lookAtGrafana(ctx) }})
	}
	if r.Superset {
		checks = append(checks, check{hop.Superset, func() hop.Result {
			r.say("writing files with Flink, and asking Superset")
			return dashboard.CheckInSuperset(ctx, r.Pipeline, r.Oracle)
		}})
	}
	return checks, nil
}

// blameJob adds to a result that isn't good why the Flink job, or the exporter, can't
// write.
func (r *run) blameJob(ctx context.Context, result hop.Result) hop.Result {
	switch {
	case result.Outcome == hop.Passed:
		return result
	case r.exporter != nil:
		if trouble := r.exporter.Trouble(); trouble != nil {
			result.Detail += "\n" + trouble.Error()
		}
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
