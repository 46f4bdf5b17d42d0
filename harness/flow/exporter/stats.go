package exporter

import "sync/atomic"

// Stats counts what an exporter has done since it was made. All of it only
// grows.
type Stats struct {
	Read      int64 // messages taken from Kafka, repeats after a rebalance included
	Written   int64 // documents that Elasticsearch has acknowledged
	Rejected  int64 // messages that have no document, and are kept in the topic for those
	Committed int64 // messages whose offsets Kafka has
	Retries   int64 // failed attempts at either side
}

type counters struct{ read, written, rejected, committed, retries atomic.Int64 }

// Stats returns the counters as they are now. It may be called at any time.
func (e *Exporter) Stats() Stats {
	return Stats{
		Read: e.stats.read.Load(), Written: e.stats.written.Load(), Rejected: e.stats.rejected.Load(),
		Committed: e.stats.committed.Load(), Retries: e.stats.retries.Load(),
	}
}
