package pipeline

import "hoplab.example/harness/client/flink"

// tuning is what a job that fills the index is configured with beyond the labs'
// files.
type tuning struct {
	source, sink []flink.Option
	session      []string          // settings of Flink, pairs of name and value
	index        map[string]string // settings of the index; nil for the template's alone
}

// loadTuning is for millions of rows. The sink's own 1,000 rows a request, and the
// index's refresh each second and log sync at each request, are many small steps. A
// log that is synced later can lose rows only where the machine itself fails.
var loadTuning = tuning{
	sink: []flink.Option{
		{Name: "sink.bulk-flush.max-actions", Value: "5000"},
		{Name: "sink.bulk-flush.max-size", Value: "8mb"},
		{Name: "sink.bulk-flush.interval", Value: "2s"},
	},
	session: []string{"execution.checkpointing.interval", "10s"},
	index: map[string]string{"refresh_interval": "10s", "translog.durability": "async", "translog.sync_interval": "10s",
		"translog.flush_threshold_size": "1gb"},
}
