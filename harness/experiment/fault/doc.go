// Package fault disturbs a pipeline while rows flow through it, and reports what
// became of them: at each hop how many rows were lost, how many are there more
// than once, and how long it took until the hop had caught up. Servers are killed
// and started again, or paused for longer than their peers wait; connections are
// cut, or swallow what is sent; Elasticsearch refuses to write; the broker has to
// keep a backlog.
//
// The rows are generated, the oracle is computed from them, and the pipeline is
// the labs': publisher, broker, bridge (or Kafka Connect), Kafka, the job of lab 7
// and Elasticsearch.
package fault
