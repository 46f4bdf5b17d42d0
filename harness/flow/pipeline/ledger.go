package pipeline

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/check/probe"
	"hoplab.example/harness/client/flink"
)

// LedgerHeap is the memory limit, in bytes, for Go's collector in a process that
// runs a flow with a Ledger: what it takes stays well below hop.OwnLimit.
const LedgerHeap = 80 << 20

// loadStall is stallLimit for a flow of any size: the index shows what was
// written only every loadRefresh, and a merge of segments may take a while.
const loadStall = 90 * time.Second

// loadTuning is for millions of rows. The sink's own 1,000 rows a request, and the
// index's refresh each second and sync of its log at each request, make for many
// small steps. A log that is synced later costs a row's safety only where the
// machine itself fails.
var loadTuning = tuning{
	sink: []flink.Option{
		{Name: "sink.bulk-flush.max-actions", Value: "5000"},
		{Name: "sink.bulk-flush.max-size", Value: "8mb"},
		{Name: "sink.bulk-flush.interval", Value: "2s"},
	},
	session: []string{"execution.checkpointing.interval", "10s"},
	index: `{"settings":{"refresh_interval":"10s","translog.durability":"async","translog.sync_interval":"10s",` +
		`"translog.flush_threshold_size":"1gb"}}`,
}

// makeIndex makes the index before anything is written to it, with settings
// beside the template's.
func (p Pipeline) makeIndex(ctx context.Context, settings string) error {
	if _, err := p.askElastic(ctx, http.MethodPut, "/"+p.Names.Index, []byte(settings)); err != nil {
		return fmt.Errorf("make the index %q: %w", p.Names.Index, err)
	}
	return nil
}

func (r *run) stall() time.Duration {
	if r.Ledger != nil {
		return loadStall
	}
	return stallLimit
}

// taken says how many rows both have that take them from the MQTT broker: the
// bridge, which has those that are in Kafka, and the probe.
func (r *run) taken(ctx context.Context) (int64, error) {
	heard, err := r.heard.Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("the probe lost its connection to the MQTT broker: %w", err)
	}
	carried := r.has(hop.Kafka)
	if r.carrier.Stats != nil {
		carried = r.carrier.Stats().Acked
	}
	return min(heard, carried), nil
}

// calmPause is between two questions of how many rows a hop has.
const calmPause = time.Second

// calm has the servers be asked less often, and Elasticsearch not be told to
// refresh each time.
func calm(counters map[string]probe.Counter, elastic *probe.Elastic) {
	counters[hop.Elasticsearch] = elastic.Visible
	for _, name := range []string{hop.Kafka, hop.Flink, hop.Elasticsearch} {
		counters[name] = every(calmPause, counters[name])
	}
}

// every gives the last answer again until it is of an age.
func every(age time.Duration, count probe.Counter) probe.Counter {
	var mu sync.Mutex
	var at time.Time
	var last int64
	var failed error
	return func(ctx context.Context) (int64, error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) >= age {
			last, failed = count(ctx)
			at = time.Now()
		}
		return last, failed
	}
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
